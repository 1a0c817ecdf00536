"""What a model sees in a few fixed scenes, at one moment of its training."""

import os
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Bool, Float, Int, UInt8
from safetensors.torch import load_file, save_file
from torch import Tensor

from objcentric.evaluation.evaluate import unit_images
from objcentric.interfaces import Scenes
from objcentric.model.wired_model import WiredModel

SCENES = 8
"""How many scenes are followed through a training."""


@dataclass(frozen=True)
class Snapshot:
    """Scenes and what a model finds in them.

    Attributes:
        images: the scenes.
        counts: true numbers of objects.
        presence: which slots hold an object.
        boxes: of the slots' windows, `(x0, y0, x1, y1)` in pixels.
        canvas: reconstructions.
    """

    images: UInt8[Tensor, "N C H W"]
    counts: Int[Tensor, " N"]
    presence: Bool[Tensor, "N K"]
    boxes: Float[Tensor, "N K 4"]
    canvas: UInt8[Tensor, "N C H W"]

    @classmethod
    def take(cls, model: WiredModel, scenes: Scenes, device: torch.device) -> "Snapshot":
        """What `model` finds in the first scenes of each count, the fullest first."""
        index = varied_scenes(scenes.counts, SCENES)
        was_training = model.training
        model.eval()
        inference = model.infer(unit_images(scenes.images[index], model, device))
        model.train(was_training)
        return cls(
            images=scenes.images[index].cpu(),
            counts=scenes.counts[index].long().cpu(),
            presence=(inference.presence > 0.5).cpu(),
            boxes=inference.boxes.float().cpu(),
            canvas=(inference.canvas.clamp(0, 1) * 255).round().to(torch.uint8).cpu(),
        )

    def save(self, path: Path) -> None:
        """Replaces `path` by the snapshot, in one step."""
        temporary = path.with_name(f".{path.name}.tmp")
        save_file({name: value.contiguous() for name, value in vars(self).items()}, temporary)
        os.replace(temporary, path)

    @classmethod
    def load(cls, path: Path) -> "Snapshot":
        """Reads what `save` wrote."""
        return cls(**load_file(path))


def varied_scenes(counts: Int[Tensor, " N"], n: int) -> Int[Tensor, " n"]:
    """Indices of `n` scenes that take turns in how many objects they hold, the fullest first."""
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
