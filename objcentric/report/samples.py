"""Scenes that a model draws by itself (`samples`)."""

from dataclasses import dataclass

from objcentric.interfaces import SceneModel
from objcentric.report.found import to_bytes
from objcentric.report.images import data_uri

SHOWN = 16
"""Scenes that are shown."""

DRAWN = 256
"""Scenes that are drawn: where objects are rare, most of them are blank."""

BATCH = 64

FAINT = 8
"""Difference of intensities, of 255, up to which a scene is blank."""


@dataclass(frozen=True)
class Samples:
    """Scenes from the prior.

    Attributes:
        images: some of the scenes, those that are not blank first.
        drawn: how many were drawn.
        blank: how many of these are blank.
    """

    images: tuple[str, ...]
    drawn: int
    blank: int


def samples(model: SceneModel) -> Samples | None:
    """Scenes from the prior at the end of training; None if the model cannot generate them."""
    if "generate" not in model.abilities:
        return None
    images = [to_bytes(i) for _ in range(DRAWN // BATCH) for i in model.generate(BATCH)]
    blank = [int(image.max()) - int(image.min()) <= FAINT for image in images]
    order = sorted(range(len(images)), key=lambda place: blank[place])[:SHOWN]
    return Samples(tuple(data_uri(images[place]) for place in order), len(images), sum(blank))
