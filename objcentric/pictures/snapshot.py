"""What a model finds in a few fixed scenes after some epoch (`Snapshot`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from objcentric.errors import DamagedFile
from objcentric.evaluation.evaluate import unit_images
from objcentric.files import read_tensors, whole_file, write_tensors
from objcentric.interfaces import SceneModel, Scenes

SCENES = 8
"""How many scenes a snapshot holds."""


@dataclass(frozen=True)
class Snapshot:
    """Scenes and what a model finds in them.

    Attributes:
        images: the scenes.
        presence: which slots hold an object.
        canvas: the reconstructions.
        segments: the slot that explains most of each pixel: 0 for the background, k+1 for slot k.
        counts: true numbers of objects; None if they are unknown or the model does not count.
        boxes: the slots' windows, `(x0, y0, x1, y1)` in pixels; None for a model without windows.
        probs: probability that each slot is present; None if it is not known or the model does not
            decide about presence.
    """

    images: UInt8[Tensor, "N C H W"]
    presence: Bool[Tensor, "N K"]
    canvas: UInt8[Tensor, "N C H W"]
    segments: UInt8[Tensor, "N H W"]
    counts: Int[Tensor, " N"] | None = None
    boxes: Float[Tensor, "N K 4"] | None = None
    probs: Float[Tensor, "N K"] | None = None

    @classmethod
    def take(cls, model: SceneModel, scenes: Scenes, device: torch.device) -> "Snapshot":
        """Takes a snapshot of the first scenes of each object count, the fullest first."""
        index = varied_scenes(scenes.counts, len(scenes), SCENES)
        was_training = model.training
        model.eval()
        inference = model.infer(unit_images(scenes.images[index], model, device))
        model.train(was_training)
        decides = "presence" in model.abilities
        counts = scenes.counts if decides else None
        return cls(
            images=scenes.images[index].cpu(),
            presence=(inference.presence > 0.5).cpu(),
            canvas=(inference.canvas.clamp(0, 1) * 255).round().to(torch.uint8).cpu(),
            segments=inference.segmentation.to(torch.uint8).cpu(),
            counts=None if counts is None else counts[index].long().cpu(),
            boxes=None if inference.boxes is None else inference.boxes.float().cpu(),
            probs=inference.presence_probs.float().cpu() if decides else None,
        )

    def save(self, path: Path) -> None:
        """Writes the snapshot to `path`, in one step."""
        known = {name: value for name, value in vars(self).items() if value is not None}
        with whole_file(path) as temporary:
            write_tensors(temporary, {name: value.contiguous() for name, value in known.items()})

    @classmethod
    def load(cls, path: Path) -> "Snapshot":
        """Reads what `save` wrote.

        Raises:
            DamagedFile: the file cannot be read, or holds no snapshot.
        """
        tensors = read_tensors(path)
        if not _is_snapshot(tensors):
            raise DamagedFile(f"{path} is damaged: its tensors are no snapshot of a run")
        return cls(**tensors)


def _is_snapshot(tensors: Mapping[str, Tensor]) -> bool:
    """Whether tensors have the names, types and shapes of a snapshot."""
    shapes = {name: tuple(value.shape) for name, value in tensors.items()}
    images, presence = shapes.get("images", ()), shapes.get("presence", ())
    if len(images) != 4 or len(presence) != 2 or min(images) < 1:
        return False
    scenes, slots = presence
    wanted = {
        "images": (torch.uint8, (scenes, *images[1:])),
        "presence": (torch.bool, (scenes, slots)),
        "canvas": (torch.uint8, images),
        "segments": (torch.uint8, (scenes, *images[2:])),
        "counts": (torch.int64, (scenes,)),
        "boxes": (torch.float32, (scenes, slots, 4)),
    }
    needed = {"images", "presence", "canvas", "segments"}
    return needed <= tensors.keys() <= wanted.keys() and all(
        (value.dtype, shapes[name]) == wanted[name] for name, value in tensors.items()
    )


def varied_scenes(counts: Int[Tensor, " N"] | None, scenes: int, n: int) -> Int[Tensor, " n"]:
    """Indices of `n` scenes whose object counts alternate, the fullest scene first.

    If counts are unknown, these are the first `n` scenes.
    """
    if counts is None:
        return torch.arange(min(n, scenes))
    by_count = [
        torch.nonzero(counts == count).flatten().tolist()
        for count in sorted(set(counts.tolist()), reverse=True)
    ]
    turns = [
        (turn, rank, index)
        for rank, indices in enumerate(by_count)
        for turn, index in enumerate(indices[:n])
    ]
    return torch.tensor([index for _, _, index in sorted(turns)[:n]])
