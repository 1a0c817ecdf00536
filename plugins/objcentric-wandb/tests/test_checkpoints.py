"""The best checkpoint is kept, and which one that is."""

from types import SimpleNamespace

import pytest

from objcentric.runs.run import Run
from objcentric_wandb.checkpoints import best_epoch, keep_best, log_checkpoints


class Logging:
    """Notes what is logged, in wandb's place."""

    id = "abc"

    def __init__(self):
        self.logged = []

    def Artifact(self, name, type, metadata):  # noqa: N802
        return SimpleNamespace(name=name, metadata=metadata, add_file=lambda path: None)

    def log_artifact(self, artifact, aliases):
        self.logged.append((artifact.name, artifact.metadata["checkpoint"], aliases))


@pytest.fixture
def trained(tiny_recipe, tmp_path):
    """`trained([0.2, 0.9, 0.5])` is a run with such count accuracies, each of them reported."""

    def make(accuracies):
        run = Run(tmp_path, tiny_recipe())
        for epoch, accuracy in enumerate(accuracies, 1):
            for old in run.checkpoints.glob("epoch-*"):
                old.rename(old.with_name(f"gone-{old.name}"))
            checkpoint = run.checkpoints / f"epoch-{epoch:05d}-step-000000"
            checkpoint.mkdir(parents=True)
            (checkpoint / "model").write_text(str(epoch))
            figures = {"train": {"loss": 1.0}, "validation": {"count_accuracy": accuracy}}
            run.append_metrics({"epoch": epoch, "images": 64, "seconds": 1.5, **figures})
            keep_best(run, epoch)
        return run

    return make


def test_the_first_of_the_best_epochs_is_the_best(trained):
    assert best_epoch(trained([0.2, 0.9, 0.9, None])) == 2


def test_before_any_figure_there_is_no_best_epoch(trained):
    assert best_epoch(trained([])) is None


def test_the_best_checkpoint_is_kept_when_the_run_has_dropped_it(trained):
    run, wandb = trained([0.2, 0.9, 0.5]), Logging()
    log_checkpoints(wandb, wandb, run)
    assert wandb.logged == [
        ("checkpoint-abc", "epoch-00002-step-000000", ["best"]),
        ("checkpoint-abc", "epoch-00003-step-000000", ["latest"]),
    ]
    (kept,) = (run.path / "wandb" / "best").iterdir()
    assert (kept / "model").read_text() == "2"


def test_the_newest_checkpoint_may_be_the_best(trained):
    run, wandb = trained([0.2, 0.9]), Logging()
    log_checkpoints(wandb, wandb, run)
    assert wandb.logged == [("checkpoint-abc", "epoch-00002-step-000000", ["latest", "best"])]
