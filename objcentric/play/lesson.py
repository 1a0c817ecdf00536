"""What a window reads from a scene and writes back, the picture that teaches AIR (`Lesson`)."""

from dataclasses import dataclass, replace

import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor

from objcentric.interfaces import Glimpser
from objcentric.play.nearest_where import nearest_where
from objcentric.play.step_views import Box
from objcentric.registry import Registry
from objcentric.scene import RequestedScene

GLIMPSER = "spatial_transformer"
"""The glimpser of AIR, with `where = (s, x, y)`, of which the lesson speaks."""


@dataclass(frozen=True)
class Lesson:
    """A scene and one window.

    Attributes:
        glimpser: reads and writes the window.
        image: the scene, in [0, 1].
        where: the window, as `(s, x, y)`.
    """

    glimpser: Glimpser
    image: Float[Tensor, "C H W"]
    where: Float[Tensor, "3"]

    @classmethod
    def of(
        cls, pixels: UInt8[Tensor, "C H W"], side: int, where: Float[Tensor, "3"] | None = None
    ) -> "Lesson":
        """A lesson on a scene, with the spatial transformer of the registry.

        Args:
            pixels: the scene; 255 is white.
            side: side of the glimpse, in pixels.
            where: the window; None for the mean of the glimpser's prior, in the middle.
        """
        channels, height, width = pixels.shape
        scene = RequestedScene((channels, height, width), objects=1, what_dim=1, glimpse=side)
        component = Registry.discover().find(Glimpser, GLIMPSER).load()
        assert issubclass(component, Glimpser)
        glimpser = component(scene)
        place = torch.tensor(glimpser.where.loc) if where is None else where
        return cls(glimpser, pixels.float() / 255, place)

    @property
    def side(self) -> int:
        """Side of the glimpse, in pixels."""
        return self.glimpser.patch_shape[1]

    @property
    def box(self) -> Box:
        """The window, in pixels of the scene."""
        corners = self.glimpser.boxes(rearrange(self.where, "d -> 1 1 d"))
        x0, y0, x1, y1 = rearrange(corners, "1 1 xyxy -> xyxy").tolist()
        return x0, y0, x1, y1

    def at(self, box: Box) -> "Lesson":
        """The same scene with the window in another box, or as close to it as a window can be."""
        return replace(self, where=nearest_where(self.glimpser, torch.tensor(box), self.where))

    def glimpse(self) -> Float[Tensor, "C h w"]:
        """What the window reads."""
        read = self.glimpser.read(
            rearrange(self.image, "c h w -> 1 c h w"), rearrange(self.where, "d -> 1 1 d")
        )
        return rearrange(read, "1 1 c h w -> c h w")

    def written(self) -> Float[Tensor, "C H W"]:
        """A black canvas into whose window the glimpse was written."""
        canvas = self.glimpser.write(
            rearrange(self.glimpse(), "c h w -> 1 1 c h w"), rearrange(self.where, "d -> 1 1 d")
        )
        return rearrange(canvas, "1 1 c h w -> c h w")

    def said(self) -> tuple[str, ...]:
        """What the numbers mean, in words."""
        s, x, y = self.where.tolist()
        x0, _, x1, _ = self.box
        across = x1 - x0
        share = across / self.image.shape[2]
        density = across / self.side
        pace = (
            f"{density:.2f} pixels of the scene lie behind each pixel of the glimpse: it blurs"
            if density > 1.05
            else f"each pixel of the scene is spread over {1 / density:.2f} of the glimpse"
            if density < 0.95
            else "each pixel of the glimpse is about one pixel of the scene"
        )
        return (
            f"The window covers 1/s = {share:.0%} of the side, {across:.1f} pixels. Its middle is "
            f"at -(x, y)/s = ({_signed(-x / s)}, {_signed(-y / s)}), where (0, 0) is the middle of "
            "the scene and ±1 its borders.",
            f"The glimpse has {self.side} × {self.side} pixels; {pace}.",
        )


def _signed(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00")
