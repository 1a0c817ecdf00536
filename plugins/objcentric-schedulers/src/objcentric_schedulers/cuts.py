"""Cutting a group of pixels in two where both parts look more like objects (`cut_the_worst`)."""

import math
from collections.abc import Callable

import torch
from einops import rearrange, reduce, repeat
from jaxtyping import Bool, Float, Int
from torch import Tensor

from objcentric.blocks.separable import centres
from objcentric_schedulers.groups import Groups, middle

POSITIONS = 13
"""Parallel cuts in each direction, spread over the width of a window."""

DOUBT = 0.15
"""A group is cut only if what is drawn of it is wrong by more than this share of its square sum. On
400 scenes of Tetrominoes two pieces that touch are at 0.22 at least, single ones at 0.09."""

GAIN = 0.5
"""A cut stands if the parts' errors add up to less than this share of the whole group's. On
Tetrominoes 1% of single pieces fall to 0.64, and all pairs to 0.26 or less."""

AT_ONCE = 64
"""Images whose groups are cut at once, for memory."""

Error = Callable[[Int[Tensor, " B"], Groups], Float[Tensor, "B K"]]
"""How far each group of the images with these indices is from what is drawn of it: the sum of
squares over pixels."""


def cut_the_worst(
    foreground: Float[Tensor, "B C H W"],
    groups: Groups,
    error: Error,
    window: Float[Tensor, "2"],
    directions: int,
) -> Groups:
    """The groups, and one more for each image: a part of the one that is drawn worst, if that is
    better drawn in two parts, or else an empty one.

    Args:
        foreground: the images minus what is behind all objects.
        groups: K groups for each image.
        error: says how badly groups are drawn, for any number of them.
        window: width and height of a usual window, in pixels.
        directions: number of directions in which it is cut, spread over half a turn.
    """
    images = torch.arange(len(foreground), device=foreground.device)
    errors = error(images, groups)
    shares, seen = rearrange(groups.shares, "b k h w -> b k 1 h w"), foreground.unsqueeze(1)
    energies = reduce((shares * seen).square(), "b k c h w -> b k", "sum")
    # The minimum, because something may be drawn of an empty group, too.
    worst = torch.minimum(errors, energies).argmax(1)
    least, energy = errors[images, worst], energies[images, worst]
    whole = Groups(*(each[images, worst].unsqueeze(1) for each in groups))
    parts = _parts(foreground, whole, torch.ones_like(whole.shares, dtype=torch.bool))
    doubtful = torch.nonzero(least > DOUBT * energy).flatten()
    for some in doubtful.split(AT_ONCE) if len(doubtful) else ():
        one = Groups(*(each[some] for each in whole))
        found = _best_cut(foreground, some, one, error, window, directions, GAIN * least[some])
        parts = _replaced(parts, (some,), found)
    first, second = (Groups(*(each[:, part] for each in parts)) for part in (0, 1))
    kept = _replaced(groups, (images, worst), first)
    pairs = zip(kept, second, strict=True)
    return Groups(*(torch.cat([old, new.unsqueeze(1)], 1) for old, new in pairs))


def _best_cut(
    foreground: Float[Tensor, "all C H W"],
    images: Int[Tensor, " B"],
    whole: Groups,
    error: Error,
    window: Float[Tensor, "2"],
    directions: int,
    least: Float[Tensor, " B"],
) -> Groups:
    """The two parts of one group for each image whose errors add up to least, or the group and an
    empty one if that is not below `least`."""
    foreground = foreground[images]
    each_image = torch.arange(len(images), device=images.device).unsqueeze(1)
    best = _parts(foreground, whole, torch.ones_like(whole.shares, dtype=torch.bool))
    for direction in range(directions):
        angle = math.pi * direction / directions
        parts = _parts(foreground, whole, _sides(angle, whole, window))
        after = reduce(error(images, parts), "b (p two) -> b p", "sum", two=2)
        after, position = after.min(1)
        better = torch.nonzero(after < least).flatten()
        least = torch.minimum(after, least)
        pair = 2 * position.unsqueeze(1) + torch.arange(2, device=least.device)
        found = Groups(*(each[each_image, pair][better] for each in parts))
        best = _replaced(best, (better,), found)
    return best


def _replaced(groups: Groups, at: tuple[Int[Tensor, " n"], ...], new: Groups) -> Groups:
    """The groups, with new ones in some places."""
    return Groups(*(old.index_put(at, each) for old, each in zip(groups, new, strict=True)))


def _sides(angle: float, group: Groups, window: Float[Tensor, "2"]) -> Bool[Tensor, "B P H W"]:
    """One side of each of the parallel cuts, which go no farther than half a window from the middle
    of the group."""
    height, width = group.shares.shape[-2:]
    x, y = rearrange(group.places, "b 1 xy -> xy b 1 1")
    across = (centres(width, x) - x) * width / 2  # pixels, (B, 1, W)
    down = (rearrange(centres(height, y), "h -> h 1") - y) * height / 2  # (B, H, 1)
    along = math.cos(angle) * across + math.sin(angle) * down
    line = window.mean() / 2 * torch.linspace(-1, 1, POSITIONS, dtype=x.dtype, device=x.device)
    return rearrange(along, "b h w -> b 1 h w") > rearrange(line, "p -> p 1 1")


def _parts(
    foreground: Float[Tensor, "B C H W"], group: Groups, side: Bool[Tensor, "B P H W"]
) -> Groups:
    """What lies on one side of each cut and what does not, one after the other: 2 P groups."""
    one = group.shares * side.to(group.shares.dtype)
    shares = rearrange([one, group.shares - one], "two b p h w -> b (p two) h w")
    n = shares.shape[1]
    intensity = reduce(foreground.abs(), "b c h w -> b 1 h w", "mean")
    places = middle(
        rearrange(shares * intensity, "b n h w -> (b n) h w"),
        repeat(group.places, "b 1 xy -> (b n) xy", n=n),
    )
    heights = repeat(group.heights, "b 1 -> b n", n=n)
    return Groups(shares, rearrange(places, "(b n) xy -> b n xy", n=n), heights)
