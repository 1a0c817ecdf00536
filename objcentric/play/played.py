"""A scene, what a model finds in it, and what the player changed (`Played`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor

from objcentric.evaluation.evaluate import unit_images
from objcentric.inference.trained_model import TrainedModel
from objcentric.interfaces import Glimpser, Inference, SceneModel
from objcentric.model.wired_model import WiredModel
from objcentric.play.nearest_where import nearest_where
from objcentric.training.guards import unchecked


@dataclass(frozen=True)
class Played:
    """One scene in play.

        played = Played.of(trained, pixels)
        canvas = played.with_code(slot=0, coordinate=2, value=1.5).canvas()

    Attributes:
        model: the model.
        image: the scene, in [0, 1].
        found: what the model finds in it.
        changed: the same with the player's changes.
    """

    model: SceneModel
    image: Float[Tensor, "1 C H W"]
    found: Inference
    changed: Inference

    @classmethod
    def of(cls, trained: TrainedModel, pixels: UInt8[Tensor, "C H W"]) -> "Played":
        """A scene and what a trained model finds in it.

        Args:
            trained: the model.
            pixels: the scene, of the model's size; 255 is white.
        """
        model = trained.scene_model
        with _gently():
            image = unit_images(rearrange(pixels, "c h w -> 1 c h w"), model, trained.device)
            found = model.infer(image)
        return cls(model, image, found, found)

    @property
    def slots(self) -> int:
        """K, the number of slots."""
        return self.found.presence.shape[1]

    @property
    def present(self) -> tuple[int, ...]:
        """The slots in which the model finds an object, from 0."""
        return tuple((self.found.presence[0] > 0.5).nonzero().flatten().tolist())

    @property
    def can_redraw(self) -> bool:
        """Whether slots can be changed."""
        return "redraw" in self.model.abilities

    @property
    def glimpser(self) -> Glimpser | None:
        """What windows mean in this model; None without windows, or if it does not say."""
        if self.found.where is None or not isinstance(self.model, WiredModel):
            return None
        return self.model.glimpser

    def canvas(self) -> Float[Tensor, "C H W"]:
        """The canvas with the player's changes."""
        if self.changed is self.found:
            return self.found.canvas[0]
        with _gently():
            return self.model.redraw(self.image, self.changed)[0]

    def drawn_with(self, codes: Float[Tensor, "n K"]) -> Float[Tensor, "n C H W"]:
        """The canvas with other presence codes, and no other change.

        Without the ability `redraw`, these are the parts of the canvas that the background and the
        present slots explain.
        """
        n, found = len(codes), self.found
        if self.can_redraw:
            copies = torch.zeros(n, dtype=torch.long, device=self.image.device)
            with _gently():
                many = replace(found.at(copies), presence=codes.to(found.presence))
                return self.model.redraw(self.image[copies], many)
        shares = torch.cat([torch.ones_like(codes[:, :1]), codes], dim=1).to(found.masks)
        kept = torch.einsum("nm,mhw->nhw", shares, found.masks[0])
        return found.canvas * rearrange(kept, "n h w -> n 1 h w")

    def with_box(self, slot: int, box: tuple[float, float, float, float]) -> "Played":
        """The scene after a slot's window was put into a box `(x0, y0, x1, y1)`, in pixels, or as
        close to it as the model's windows can be."""
        glimpser, where = self.glimpser, self.changed.where
        if glimpser is None or where is None:
            return self
        return self._with_where(slot, nearest_where(glimpser, torch.tensor(box), where[0, slot]))

    def with_place(self, slot: int, coordinate: int, value: float) -> "Played":
        """The scene after one coordinate of a slot's `where` was changed."""
        if self.changed.where is None:
            return self
        where = self.changed.where[0, slot].clone()
        where[coordinate] = value
        return self._with_where(slot, where)

    def with_code(self, slot: int, coordinate: int, value: float) -> "Played":
        """The scene after one coordinate of a slot's code was changed."""
        slots = self.changed.slots.clone()
        slots[0, slot, coordinate] = value
        return replace(self, changed=replace(self.changed, slots=slots))

    def with_presence(self, slot: int, present: bool) -> "Played":
        """The scene after a slot was made present or absent."""
        presence = self.changed.presence.clone()
        presence[0, slot] = float(present)
        return replace(self, changed=replace(self.changed, presence=presence))

    def as_found(self) -> "Played":
        """The scene without the player's changes."""
        return replace(self, changed=self.found)

    def _with_where(self, slot: int, place: Float[Tensor, " where"]) -> "Played":
        assert self.changed.where is not None
        where, boxes = self.changed.where.clone(), None
        where[0, slot] = place
        if self.glimpser is not None:
            with _gently():
                boxes = self.glimpser.boxes(where)
        return replace(self, changed=replace(self.changed, where=where, boxes=boxes))


@contextmanager
def _gently() -> Iterator[None]:
    with torch.no_grad(), unchecked():
        yield
