"""Where the objects of a scene lie: the rules, and drawing again until they hold (`arrange`)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Int64, UInt64

from objcentric.errors import ObjcentricError
from objcentric_scenes.painting import Placed, add_up, segment_covered, visible_pixels
from objcentric_scenes.randomness import integers_below
from objcentric_scenes.stamps import Stamps

ATTEMPTS = 10_000
"""How often the positions of a scene are drawn before its rule is taken to be impossible."""

THOUSAND = 1000


@dataclass(frozen=True)
class Rule:
    """What the positions of a scene must satisfy. Without options, anything goes.

    Attributes:
        apart: smallest distance of two centres, in thousandths of the mean side of the two.
        visible: smallest visible share of each object, in thousandths; later objects cover.
        disjoint: whether no two objects' rectangles may share a pixel.
        unsaturated: whether no pixel may add up to more than 255.
    """

    apart: int = 0
    visible: int = 0
    disjoint: bool = False
    unsaturated: bool = False

    def holds(
        self, stamps: Stamps, corners: Int64[np.ndarray, "N M 2"], canvas: int
    ) -> Bool[np.ndarray, " N"]:
        """Which scenes satisfy it."""
        good = np.ones(len(corners), bool)
        placed = Placed(stamps.ink, corners, canvas)
        if self.apart:
            good &= _far_apart(stamps.sizes, corners, self.apart)
        if self.disjoint:
            good &= _disjoint(stamps.sizes, corners)
        if self.visible:
            whole = visible_pixels(placed)
            shown = visible_pixels(placed, segment_covered(placed))
            good &= (THOUSAND * shown >= self.visible * whole).all(axis=1)
        if self.unsaturated:
            total = add_up(placed, rearrange(stamps.ink, "n m h w -> n m h w 1"))
            good &= total.max(axis=(1, 2, 3)) <= 255
        return good


def arrange(
    stamps: Stamps, canvas: int, rule: Rule, bits: Callable[[int], UInt64[np.ndarray, "N M 2"]]
) -> Int64[np.ndarray, "N M 2"]:
    """Top left corner `(x, y)` of each object's rectangle, uniform over all arrangements allowed.

    All positions of a scene are drawn again until the rule holds. Each attempt has random bits of
    its own, so that a scene does not depend on how often others were drawn.

    Args:
        stamps: the objects.
        canvas: side of the scene, in pixels.
        rule: what the positions must satisfy.
        bits: random bits of each attempt.

    Raises:
        ObjcentricError: a scene does not satisfy the rule after many attempts.
    """
    positions = canvas - stamps.sizes + 1
    corners = np.zeros_like(positions)
    left = np.arange(len(corners))
    for attempt in range(ATTEMPTS):
        drawn = integers_below(positions, bits(attempt))
        corners[left] = np.where(stamps.sizes > 0, drawn, 0)[left]
        left = left[~rule.holds(_some(stamps, left), corners[left], canvas)]
        if not left.size:
            return corners
    raise ObjcentricError(no_room(stamps.sizes[left[0]], canvas))


def _some(stamps: Stamps, scenes: Int64[np.ndarray, " n"]) -> Stamps:
    return Stamps(
        ink=stamps.ink[scenes],
        sizes=stamps.sizes[scenes],
        boxes=stamps.boxes[scenes],
        labels=stamps.labels[scenes],
    )


def _far_apart(
    sizes: Int64[np.ndarray, "N M 2"], corners: Int64[np.ndarray, "N M 2"], thousandths: int
) -> Bool[np.ndarray, " N"]:
    """Whether all centres of a scene are that far apart, in thousandths of the mean side."""
    centres = 2 * corners + sizes  # in half pixels
    shift = rearrange(centres, "n m xy -> n m 1 xy") - rearrange(centres, "n k xy -> n 1 k xy")
    sides = sizes.sum(axis=-1)
    # The mean of the four sides of two objects, in half pixels, is half of their sum.
    limit = thousandths * (rearrange(sides, "n m -> n m 1") + rearrange(sides, "n k -> n 1 k"))
    near = (2 * THOUSAND) ** 2 * (shift**2).sum(axis=-1) < limit**2
    return ~(near & _pairs(sizes)).any(axis=(1, 2))


def _disjoint(
    sizes: Int64[np.ndarray, "N M 2"], corners: Int64[np.ndarray, "N M 2"]
) -> Bool[np.ndarray, " N"]:
    """Whether no two rectangles of a scene share a pixel."""
    ends = corners + sizes
    before = rearrange(ends, "n m xy -> n m 1 xy") <= rearrange(corners, "n k xy -> n 1 k xy")
    apart = (before | rearrange(before, "n m k xy -> n k m xy")).any(axis=-1)
    return ~(~apart & _pairs(sizes)).any(axis=(1, 2))


def _pairs(sizes: Int64[np.ndarray, "N M 2"]) -> Bool[np.ndarray, "N M M"]:
    """Which pairs of different objects are present."""
    present = (sizes > 0).all(axis=-1)
    both = rearrange(present, "n m -> n m 1") & rearrange(present, "n k -> n 1 k")
    return both & ~np.eye(sizes.shape[1], dtype=bool)


def no_room(sizes: Int64[np.ndarray, "M 2"], canvas: int) -> str:
    """The message for a scene whose objects, of these sizes, were not placed."""
    sizes = sizes[(sizes > 0).all(axis=-1)]
    listed = ", ".join(f"{width}×{height}" for width, height in sizes)
    return (
        f"{len(sizes)} objects of {listed} pixels were not placed on a canvas of {canvas} pixels "
        f"by the rule in {ATTEMPTS} attempts; use a larger canvas, fewer or smaller objects, or a "
        "weaker rule (apart, visible)"
    )
