"""What a trained model finds in images (`Found`)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from objcentric.interfaces import Inference
from objcentric.pictures.snapshot import Snapshot

if TYPE_CHECKING:
    from objcentric.pictures.picture import Picture


@dataclass(frozen=True, repr=False)
class Found:
    """What a model finds in N images, as tensors on the CPU. K is its number of slots.

    Attributes:
        images: the images that the model saw, in [0, 1].
        presence: which slots hold an object; all in a model that does not decide about presence.
        probabilities: probability that each slot holds an object, in [0, 1].
        slots: the slots' representations.
        masks: share of each pixel that the background (first) and each slot explain, adding up
            to 1; `(N, K+1, H, W)`.
        reconstructions: the images as the model draws them.
        boxes: `(x0, y0, x1, y1)` of each slot's window in pixels of the model's images, meaningful
            where `presence` is true; None in a model without windows.
        decides_presence: whether the model decides which slots hold an object, so that `counts`
            means something.
    """

    images: Float[Tensor, "N C H W"]
    presence: Bool[Tensor, "N K"]
    probabilities: Float[Tensor, "N K"]
    slots: Float[Tensor, "N K D"]
    masks: Float[Tensor, "N K+1 H W"]
    reconstructions: Float[Tensor, "N C H W"]
    boxes: Float[Tensor, "N K 4"] | None
    decides_presence: bool

    @classmethod
    def of(
        cls, images: Float[Tensor, "N C H W"], inference: Inference, *, decides_presence: bool
    ) -> "Found":
        """What an inference says about images."""
        return cls(
            images=images.float().cpu(),
            presence=(inference.presence > 0.5).cpu(),
            probabilities=inference.presence_probs.float().cpu(),
            slots=inference.slots.float().cpu(),
            masks=inference.masks.float().cpu(),
            reconstructions=inference.canvas.float().cpu(),
            boxes=None if inference.boxes is None else inference.boxes.float().cpu(),
            decides_presence=decides_presence,
        )

    @classmethod
    def joined(cls, parts: "list[Found]") -> "Found":
        """What was found in several batches, as one."""
        names = ("images", "presence", "probabilities", "slots", "masks", "reconstructions")
        together = {name: torch.cat([getattr(part, name) for part in parts]) for name in names}
        boxes = [part.boxes for part in parts if part.boxes is not None]
        return cls(
            **together,
            boxes=torch.cat(boxes) if boxes else None,
            decides_presence=parts[0].decides_presence,
        )

    @property
    def counts(self) -> Int[Tensor, " N"]:
        """Number of objects found in each image."""
        return self.presence.sum(-1)

    @property
    def segmentation(self) -> Int[Tensor, "N H W"]:
        """The largest mask at each pixel: 0 for the background, k+1 for slot k."""
        return self.masks.max(1).indices

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int | slice) -> "Found":
        """What was found in some of the images."""
        at = slice(index, index + 1 or None) if isinstance(index, int) else index
        tensors = {
            name: value[at] for name, value in vars(self).items() if isinstance(value, Tensor)
        }
        if len(tensors["images"]) == 0 and isinstance(index, int):
            raise IndexError(f"there are {len(self)} images, and no number {index}")
        return Found(**{**vars(self), **tensors})

    def __repr__(self) -> str:
        n, k, d = self.slots.shape
        images = "image" if n == 1 else "images"
        if self.decides_presence:
            levels = self.counts.unique(return_counts=True)
            by_count = ", ".join(
                f"{count} in {images_with}"
                for count, images_with in zip(*(each.tolist() for each in levels), strict=True)
            )
            said = f"objects found: {by_count}"
        else:
            said = "the model does not count"
        shapes = [f"slots {(n, k, d)}", f"masks {tuple(self.masks.shape)}"]
        shapes += [] if self.boxes is None else [f"boxes {tuple(self.boxes.shape)}"]
        return f"<Found in {n} {images}: {said}; {', '.join(shapes)}; .show() draws it>"

    def snapshot(self) -> Snapshot:
        """The same in the form that pictures are drawn of."""
        return Snapshot(
            images=_eight_bits(self.images),
            presence=self.presence,
            canvas=_eight_bits(self.reconstructions),
            segments=self.segmentation.to(torch.uint8),
            boxes=self.boxes,
        )

    def show(self, most: int = 8) -> "Picture":
        """A picture of the first images: windows, masks, reconstructions.

        A notebook shows it; `.save("found.png")` writes it.

        Args:
            most: the number of images to draw, at least 1.
        """
        from objcentric.pictures.found_objects import found_objects

        part = self[:most]
        titles = [
            f"{count} found" if self.decides_presence else "" for count in part.counts.tolist()
        ]
        return found_objects(part.snapshot(), titles)


def _eight_bits(images: Float[Tensor, "N C H W"]) -> Tensor:
    return (images.clamp(0, 1) * 255).round().to(torch.uint8)
