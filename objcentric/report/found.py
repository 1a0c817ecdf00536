"""What a model finds in some scenes, live or from a snapshot (`Found`)."""

from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from objcentric.evaluation.evaluate import unit_images
from objcentric.interfaces import Inference, SceneModel, Scenes
from objcentric.pictures.snapshot import Snapshot


@dataclass(frozen=True)
class Found:
    """Scenes and what a model finds in them, on the CPU.

    Attributes:
        images: the scenes.
        canvas: the reconstructions.
        presence: which slots hold an object.
        masks: how much of each pixel the background (first) and each slot explain, 255 is all.
        probs: probability that each slot is present; None if it is not known or the model does not
            decide about presence.
        boxes: the slots' windows, `(x0, y0, x1, y1)` in pixels; None for a model without windows.
        counts: true numbers of objects; None if they are unknown or the model does not count.
        decides: whether the model decides about presence.
    """

    images: UInt8[Tensor, "N C H W"]
    canvas: UInt8[Tensor, "N C H W"]
    presence: Bool[Tensor, "N K"]
    masks: UInt8[Tensor, "N K+1 H W"]
    probs: Float[Tensor, "N K"] | None
    boxes: Float[Tensor, "N K 4"] | None
    counts: Int[Tensor, " N"] | None
    decides: bool

    def __len__(self) -> int:
        return self.images.shape[0]

    @property
    def slots(self) -> int:
        """K, the number of slots."""
        return self.presence.shape[1]

    @classmethod
    def live(
        cls, model: SceneModel, scenes: Scenes, index: Int[Tensor, " n"], device: torch.device
    ) -> "Found":
        """What a model in evaluation mode finds in some of the scenes."""
        inference = model.infer(unit_images(scenes.images[index], model, device))
        return cls.of(inference, model, scenes, index)

    @classmethod
    def of(
        cls, inference: Inference, model: SceneModel, scenes: Scenes, index: Int[Tensor, " n"]
    ) -> "Found":
        """An inference of some of the scenes."""
        decides = "presence" in model.abilities
        counts = scenes.counts if decides else None
        return cls(
            images=scenes.images[index].cpu(),
            canvas=to_bytes(inference.canvas),
            presence=(inference.presence > 0.5).cpu(),
            masks=to_bytes(inference.masks),
            probs=inference.presence_probs.float().cpu() if decides else None,
            boxes=None if inference.boxes is None else inference.boxes.float().cpu(),
            counts=None if counts is None else counts[index].long().cpu(),
            decides=decides,
        )

    @classmethod
    def stored(cls, snapshot: Snapshot) -> "Found":
        """What a snapshot has kept: whole pixels instead of masks."""
        parts = torch.arange(snapshot.presence.shape[1] + 1)
        segments = rearrange(snapshot.segments, "n h w -> n 1 h w")
        return cls(
            images=snapshot.images,
            canvas=snapshot.canvas,
            presence=snapshot.presence,
            masks=255 * (segments == rearrange(parts, "k -> k 1 1")).to(torch.uint8),
            probs=snapshot.probs,
            boxes=snapshot.boxes,
            counts=snapshot.counts,
            decides=snapshot.counts is not None or not bool(snapshot.presence.all()),
        )


def to_bytes(values: Float[Tensor, "*shape"]) -> UInt8[Tensor, "*shape"]:
    """Intensities or shares in [0, 1] as bytes on the CPU; what lies outside is clamped."""
    return (values.float().clamp(0, 1) * 255).round().to(torch.uint8).cpu()
