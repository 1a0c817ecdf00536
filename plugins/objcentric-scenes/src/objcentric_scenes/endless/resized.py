"""Sprites that are resized on a device (`TensorResizer`)."""

from collections.abc import Mapping

import torch
from einops import rearrange, repeat
from jaxtyping import Bool, Float64, Int64, UInt8
from torch import Tensor

from objcentric.interfaces import Sprites
from objcentric_scenes.endless.bits import integers_below, weighted_choice
from objcentric_scenes.endless.tensors import TensorStampMaker, TensorStamps
from objcentric_scenes.resampling import integer_weights, triangle


class TensorResizer(TensorStampMaker):
    """Sprites of random sides, resized as `objcentric_scenes.resampling.resize` does.

    Products and sums are of integers below 2^53, which float64 holds exactly; the quotient of two
    of them is rounded down correctly, as it is further from the next integer than float64's error.

    Args:
        sprites: grey sprites.
        weights: weight of each side, in pixels.
        margins: whether empty margins belong to a sprite.
        device: where to make them.
    """

    def __init__(
        self, sprites: Sprites, weights: Mapping[int, int], margins: bool, device: torch.device
    ) -> None:
        self.images = rearrange(sprites.images, "n 1 h w -> n h w").to(device)
        self.labels = sprites.labels.to(device)
        self.sides = torch.tensor(list(weights), device=device)
        self.weights = list(weights.values())
        self.margins = margins
        height, width = self.images.shape[1:]
        self.rows, self.columns = (self._filters(side, device) for side in (height, width))

    def _filters(self, source: int, device: torch.device) -> Float64[Tensor, "sides S source"]:
        """The integer weights of all sides, with rows of 0 beyond a side."""
        sides = self.sides.tolist()
        filters = torch.zeros(len(sides), max(sides), source, dtype=torch.float64)
        for index, side in enumerate(sides):
            filters[index, :side] = torch.from_numpy(integer_weights(source, side, triangle))
        return filters.to(device)

    def stamps(
        self, bits: Int64[Tensor, "N M columns"], present: Bool[Tensor, "N M"]
    ) -> TensorStamps:
        chosen = integers_below(len(self.images), bits[..., 0])
        kind = weighted_choice(self.weights, bits[..., 1])
        sides = torch.where(present, self.sides[kind], 0)
        n, m = present.shape
        size = self.rows.shape[1]
        ink = torch.zeros(n, m, size, size, dtype=torch.uint8, device=bits.device)
        ink[present] = self._resized(chosen[present], kind[present])
        sizes = repeat(sides, "n m -> n m 2")
        if not self.margins:
            ink, sizes = _without_margins(ink)
        return TensorStamps(
            ink=ink,
            sizes=sizes,
            boxes=torch.cat([torch.zeros_like(sizes), sizes], dim=-1),
            labels=torch.where(present, self.labels[chosen], -1),
            attributes={"side": sides},
        )

    def _resized(
        self, chosen: Int64[Tensor, " P"], kind: Int64[Tensor, " P"]
    ) -> UInt8[Tensor, "P S S"]:
        rows, columns = self.rows[kind], self.columns[kind]
        weighted = rows @ self.images[chosen].double() @ columns.mT
        total = rows.sum(2)[:, :, None] * columns.sum(2)[:, None]
        rounded = torch.floor((2 * weighted + total) / (2 * total).clamp(min=1))
        return rounded.clamp(0, 255).to(torch.uint8)


def _without_margins(
    ink: UInt8[Tensor, "N M S S"],
) -> tuple[UInt8[Tensor, "N M S S"], Int64[Tensor, "N M 2"]]:
    """Ink that starts in the top left corner, and its width and height."""
    x0, y0, x1, y1 = tensor_boxes(ink).unbind(-1)
    step, side = torch.arange(ink.shape[-1], device=ink.device), ink.shape[-1]
    rows = repeat((y0[..., None] + step) % side, "n m h -> n m h w", w=side)
    columns = repeat((x0[..., None] + step) % side, "n m w -> n m h w", h=side)
    return ink.gather(2, rows).gather(3, columns), torch.stack([x1 - x0, y1 - y0], dim=-1)


def tensor_boxes(ink: UInt8[Tensor, "N M S S"]) -> Int64[Tensor, "N M 4"]:
    """`(x0, y0, x1, y1)` of the smallest box around all ink, as `stamps.tight_boxes`."""
    lines = [(ink > 0).any(dim=dim) for dim in (2, 3)]  # columns, then rows
    first = [line.int().argmax(dim=-1) for line in lines]
    last = [line.shape[-1] - line.flip(-1).int().argmax(dim=-1) for line in lines]
    boxes = torch.stack([*first, *last], dim=-1)
    return torch.where(lines[0].any(dim=-1)[..., None], boxes, 0)
