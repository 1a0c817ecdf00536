"""`quickstart` with so few scenes that two epochs take seconds, warm-up and decay included."""

SMALL = (
    "scenes.train=48",
    "scenes.validation=8",
    "scenes.test=8",
    "training.batch_size=8",
    "training.epochs=2",
    "training.warmup=0.5",
    "training.decay=cosine",
    "training.device=cpu",
)
