"""A saliency map with inhibition of return (`Saliency`), also of what is left (`RunningBlur`)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from einops import einsum, rearrange, reduce
from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.separable import centres
from objcentric.drafts import Layers
from objcentric.placed import Placed, Placement


@dataclass(frozen=True)
class Saliency:
    """A blurred map whose maximum is attended to, with inhibition of return (Koch & Ullman 1985;
    Itti, Koch & Niebur 1998, doi:10.1109/34.730558).

    A Hann window blurs the map, so that its maximum is the middle of an object and not its
    brightest pixel. Each place that was attended to multiplies the map by 1 - exp(-d²/2σ²), where
    d is the distance from that place.

    The blur is two matrix products and not a convolution, because the host may not know its width:
    it follows from a glimpser's windows, which are tensors.

    Example, in a scheduler:

        saliency = Saliency.of(image, window, blur=0.6, sigma=0.25)
        salience = saliency.blurred(reduce(image, "b c h w -> b h w", "mean"))
        place, height = peak(salience)
        salience = salience * saliency.beside(place)  # the second peak lies elsewhere

    Attributes:
        rows: weight of each row in each row of the blurred map.
        columns: weight of each column in each column of the blurred map.
        sigma: standard deviations in x and y of the inhibition, in [-1, 1] coordinates.
    """

    rows: Float[Tensor, "H H"]
    columns: Float[Tensor, "W W"]
    sigma: Float[Tensor, "2"]

    @classmethod
    def of(
        cls, image: Float[Tensor, "B C H W"], window: Float[Tensor, "2"], blur: float, sigma: float
    ) -> "Saliency":
        """For maps of the size of an image.

        Args:
            image: gives size, device and precision.
            window: width and height of an object's window, in pixels.
            blur: full width of the Hann window, in windows.
            sigma: standard deviation of the inhibition, in windows.
        """
        height, width = image.shape[-2:]
        window = window.to(image.dtype)
        across, down = (blur * window).unbind()
        canvas = torch.stack([torch.full_like(across, width), torch.full_like(down, height)])
        return cls(hann(down, height), hann(across, width), 2 * sigma * window / canvas)

    def blurred(self, intensity: Float[Tensor, "B H W"]) -> Float[Tensor, "B H W"]:
        """The map, blurred; it is 0 beyond the border."""
        return self.rows @ intensity @ self.columns.mT

    def beside(self, place: Float[Tensor, "B 2"]) -> Float[Tensor, "B H W"]:
        """Factors from 0 at a place to 1 far away from it.

        Args:
            place: x and y, in [-1, 1].
        """
        columns, rows = (
            torch.exp(-(((centres(weights.shape[0], place) - at) / sigma).square()) / 2)
            for weights, at, sigma in zip(
                (self.columns, self.rows), place.split(1, dim=-1), self.sigma, strict=True
            )
        )
        rows, columns = rearrange(rows, "b h -> b h 1"), rearrange(columns, "b w -> b 1 w")
        return (rows * columns).neg_().add_(1)  # faster than `addcmul`, which is slow to broadcast


class RunningBlur:
    """The blurred map of what is left, while objects are drawn one by one.

    A blur is linear. So if objects that stay patches are subtracted, the map changes by the blurred
    patches, which cost less than a blur of the whole map. Otherwise the map is blurred anew. Both
    give the same map to rounding.

    Args:
        saliency: blurs.
        linear: whether the map is the mean over the channels of what is left.
    """

    def __init__(self, saliency: Saliency, *, linear: bool) -> None:
        self.saliency = saliency
        self.linear = linear
        self.map: Tensor | None = None

    def of(self, intensity: Callable[[], Float[Tensor, "B H W"]]) -> Float[Tensor, "B H W"]:
        """The blurred map, until the next object is drawn.

        Args:
            intensity: gives the intensity of what is left, if the map has to be blurred anew.
        """
        if self.map is None:
            self.map = self.saliency.blurred(intensity())
        return self.map

    @torch.no_grad()
    def drew(self, layer: Layers) -> None:
        """Follows what a step has drawn."""
        if not self.linear or layer.placed is None or self.map is None:
            self.map = None
            return
        placement = layer.placed.placement
        blurred = Placement(
            einsum(self.saliency.rows, placement.rows, "H H0, b k H0 h -> b k H h"),
            einsum(self.saliency.columns, placement.columns, "W W0, b k W0 w -> b k W w"),
        )
        gray = Placed(reduce(layer.placed.patches, "b k c h w -> b k 1 h w", "mean"), blurred)
        gray.subtract_from_(rearrange(self.map, "b h w -> b 1 h w"))  # a view


def hann(width: Float[Tensor, ""], pixels: int) -> Float[Tensor, "pixels pixels"]:
    """Weights that average a line of pixels under a Hann window.

    Each row's sum is 1, or less near the ends of the line. A window narrower than two pixels is
    widened to two, which leaves the line as it is.

    Args:
        width: full width of the window, in pixels.
        pixels: length of the line.
    """
    line = torch.arange(pixels, dtype=width.dtype, device=width.device)
    distance = (line - rearrange(line, "p -> p 1")) / (width.clamp(min=2) / 2)
    weights = torch.cos(math.pi / 2 * distance.clamp(-1, 1)).square()
    return weights / weights[pixels // 2].sum()


def peak(salience: Float[Tensor, "B H W"]) -> tuple[Float[Tensor, "B 2"], Float[Tensor, "B 1"]]:
    """The highest pixel of each map: its centre, x and y in [-1, 1], and its height."""
    _, height, width = salience.shape
    # Each row's maximum first: `amax` is an order of magnitude faster than a `max` with its index.
    highest, row = salience.amax(-1).max(-1)
    line = salience.take_along_dim(rearrange(row, "b -> b 1 1"), dim=1)
    column = rearrange(line, "b 1 w -> b w").argmax(-1)
    x, y = (2 * column + 1) / width - 1, (2 * row + 1) / height - 1
    return torch.stack([x, y], -1).to(salience.dtype), rearrange(highest, "b -> b 1")
