"""Pictures of what single coordinates of a slot do (`traversals`)."""

from dataclasses import dataclass

import torch
from einops import reduce
from jaxtyping import Float
from torch import Tensor

from objcentric.evaluation.evaluate import unit_images
from objcentric.interfaces import Inference, SceneModel
from objcentric.pictures.snapshot import varied_scenes
from objcentric.report.found import to_bytes
from objcentric.report.images import data_uri
from objcentric.report.trained import Material

STEPS = 7
"""Canvases of one coordinate."""

REACH = 2.0
"""How far a coordinate is moved each way, in standard deviations."""

COORDINATES = 5
"""Coordinates that are shown, those that change the canvas most."""

SAMPLE = 64
"""Scenes from which the spread of coordinates is taken."""

BATCH = 16
"""Canvases that are drawn at a time."""

CLOSE = 1e-3
"""How near an unchanged slot must be redrawn, in intensity, for traversals to mean something."""


@dataclass(frozen=True)
class Traversal:
    """One coordinate.

    Attributes:
        name: `coordinate 7`, from 1.
        canvases: the canvas while the coordinate rises.
        alts: each canvas in words.
        change: mean absolute change of the canvas from one end to the other, in [0, 1].
    """

    name: str
    canvases: tuple[str, ...]
    alts: tuple[str, ...]
    change: float


@dataclass(frozen=True)
class Traversals:
    """What the coordinates of one object's slot do.

    Attributes:
        scene: the scene.
        slot: the object's slot, from 1.
        size: how many coordinates a slot has.
        rows: the coordinates that change the canvas most.
    """

    scene: str
    slot: int
    size: int
    rows: tuple[Traversal, ...]


def traversals(material: Material) -> Traversals | None:
    """Traversals of the slot of one object; None if the model cannot redraw or finds no object.

    Args:
        material: a model in evaluation mode, and the scenes.
    """
    model, scenes = material.model, material.scenes
    if "redraw" not in model.abilities:
        return None
    index = varied_scenes(scenes.counts, len(scenes), SAMPLE)
    images = unit_images(scenes.images[index], model, material.device)
    found = model.infer(images)
    present = found.presence > 0.5
    if not present.any():
        return None
    spread = found.slots[present].float().std(0, unbiased=False).to(found.slots.dtype)  # (D,)
    few = _fewest_objects(present)
    slot = int(present[few].nonzero()[0])
    image, alone = images[few : few + 1], found.at(torch.tensor([few]))
    if (model.redraw(image, alone) - alone.canvas).abs().max() > CLOSE:
        return None
    ends = torch.stack([_moved(model, image, alone, slot, s * REACH * spread) for s in (-1, 1)])
    change = reduce((ends[1] - ends[0]).abs().float(), "d c h w -> d", "mean")
    chosen = change.argsort(descending=True)[:COORDINATES]
    chosen = chosen[change[chosen] > 0]
    rows = tuple(
        _row(model, image, alone, slot, int(d), float(spread[d]), float(change[d])) for d in chosen
    )
    scene = data_uri(to_bytes(image[0]))
    return Traversals(scene, slot + 1, len(spread), rows) if rows else None


def _fewest_objects(present: Tensor) -> int:
    """The first of the scenes with the fewest present slots, but at least one."""
    counts = present.sum(-1)
    return int(torch.where(counts > 0, counts, counts.max() + 1).argmin())


def _moved(
    model: SceneModel,
    image: Float[Tensor, "1 C H W"],
    found: Inference,
    slot: int,
    steps: Float[Tensor, " D"],
) -> Float[Tensor, "D C H W"]:
    """The canvases after each coordinate of a slot was moved by its own step."""
    few = torch.diag(steps).split(BATCH)
    return torch.cat([_redrawn(model, image, found, slot, offsets) for offsets in few])


def _redrawn(
    model: SceneModel,
    image: Float[Tensor, "1 C H W"],
    found: Inference,
    slot: int,
    offsets: Float[Tensor, "n D"],
) -> Float[Tensor, "n C H W"]:
    copies = torch.zeros(len(offsets), dtype=torch.long, device=image.device)
    many = found.at(copies)
    many.slots[:, slot] += offsets
    return model.redraw(image[copies], many)


def _row(
    model: SceneModel,
    image: Float[Tensor, "1 C H W"],
    found: Inference,
    slot: int,
    coordinate: int,
    spread: float,
    change: float,
) -> Traversal:
    at = torch.linspace(-REACH, REACH, STEPS)
    offsets = torch.zeros(STEPS, found.slots.shape[-1]).to(found.slots)
    offsets[:, coordinate] = spread * at.to(offsets)
    canvases = to_bytes(_redrawn(model, image, found, slot, offsets))
    name = f"coordinate {coordinate + 1}"
    alts = tuple(f"Canvas with {name} moved by {a:+.1f} standard deviations" for a in at.tolist())
    return Traversal(name, tuple(data_uri(canvas) for canvas in canvases), alts, change)
