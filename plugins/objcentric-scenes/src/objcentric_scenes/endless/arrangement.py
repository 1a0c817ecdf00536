"""Where the objects of many scenes lie (`arrange`); the twin is `objcentric_scenes.arrangement`."""

import torch
from einops import rearrange, repeat
from jaxtyping import Bool, Int64
from torch import Tensor

from objcentric.errors import ObjcentricError
from objcentric_scenes import arrangement
from objcentric_scenes.arrangement import THOUSAND, Rule, no_room
from objcentric_scenes.endless.bits import Bits, integers_below
from objcentric_scenes.endless.painting import (
    Plane,
    add_up,
    segment_covered,
    visible_pixels,
    whole_pixels,
)
from objcentric_scenes.endless.tensors import TensorStamps

MOST = 4
"""Attempts of a round, for each of all scenes."""


def arrange(
    stamps: TensorStamps, canvas: int, rule: Rule, bits: Bits, purpose: int
) -> Int64[Tensor, "N M 2"]:
    """Top left corner `(x, y)` of each object's rectangle, uniform over all arrangements allowed.

    The first attempt at a scene that satisfies the rule counts, as in the twin. The fewer scenes
    are left, and the more attempts have failed, the more are made at once; so few rounds are
    needed, each of which waits for the device. Memory is bounded, see `MOST`.

    Args:
        stamps: the objects.
        canvas: side of the scene, in pixels.
        rule: what the positions must satisfy.
        bits: random bits of the scenes.
        purpose: purpose of the bits for positions.

    Raises:
        ObjcentricError: a scene does not satisfy the rule after many attempts.
    """
    n, objects = stamps.labels.shape
    positions = canvas - stamps.sizes + 1
    corners = torch.zeros_like(stamps.sizes)
    left = torch.arange(n, device=corners.device)
    done = 0
    while done < arrangement.ATTEMPTS:
        attempts = range(done, min(done + _number(n, len(left), done), arrangement.ATTEMPTS))
        drawn = bits.draw(purpose, objects, 2, attempts=attempts, rows=left)  # (L, A, M, 2)
        sizes = stamps.sizes[left, None]
        drawn = torch.where(sizes > 0, integers_below(positions[left, None], drawn), 0)
        good = _holds(rule, stamps, left, drawn, canvas)  # (L, A)
        found, first = good.max(dim=1)
        corners[left] = drawn[torch.arange(len(left), device=left.device), first]
        left = left[~found]
        if not len(left):
            return corners
        done = attempts.stop
    raise ObjcentricError(no_room(stamps.sizes[left[0]].cpu().numpy(), canvas))


def _number(scenes: int, left: int, done: int) -> int:
    """How many attempts at each scene that is left to make at once."""
    per_scene = scenes // max(1, left)
    return max(1, per_scene, min(done, MOST * per_scene))


def _holds(
    rule: Rule,
    stamps: TensorStamps,
    scenes: Int64[Tensor, " L"],
    corners: Int64[Tensor, "L A M 2"],
    canvas: int,
) -> Bool[Tensor, "L A"]:
    """Which attempts at which scenes satisfy the rule."""
    sizes = stamps.sizes[scenes, None]
    good = torch.ones(corners.shape[:2], dtype=torch.bool, device=corners.device)
    if rule.apart:
        good &= _far_apart(sizes, corners, rule.apart)
    if rule.disjoint:
        good &= _disjoint(sizes, corners)
    if rule.visible or rule.unsaturated:
        ink = repeat(stamps.ink[scenes], "l m h w -> (l a) m h w", a=corners.shape[1])
        plane = Plane(ink, rearrange(corners, "l a m xy -> (l a) m xy"), canvas)
        good &= _shown(rule, plane).view(good.shape)
    return good


def _shown(rule: Rule, plane: Plane) -> Bool[Tensor, " N"]:
    """Which scenes show enough of each object, and are not too bright, if they must not be."""
    good = torch.ones(len(plane.ink), dtype=torch.bool, device=plane.ink.device)
    if rule.visible:
        shown = visible_pixels(segment_covered(plane), plane.objects)
        good &= (THOUSAND * shown >= rule.visible * whole_pixels(plane.ink)).all(dim=1)
    if rule.unsaturated:
        white = plane.ink.new_full((*plane.ink.shape[:2], 1), 255)
        good &= add_up(plane, white).amax(dim=(1, 2, 3)) <= 255
    return good


def _far_apart(
    sizes: Int64[Tensor, "L 1 M 2"], corners: Int64[Tensor, "L A M 2"], thousandths: int
) -> Bool[Tensor, "L A"]:
    """Whether all centres of a scene are that far apart, in thousandths of the mean side."""
    centres = 2 * corners + sizes  # in half pixels
    shift = centres[..., :, None, :] - centres[..., None, :, :]
    sides = sizes.sum(dim=-1)
    # The mean of the four sides of two objects, in half pixels, is half of their sum.
    limit = thousandths * (sides[..., :, None] + sides[..., None, :])
    near = (2 * THOUSAND) ** 2 * (shift**2).sum(dim=-1) < limit**2
    return ~(near & _pairs(sizes)).flatten(2).any(dim=2)


def _disjoint(
    sizes: Int64[Tensor, "L 1 M 2"], corners: Int64[Tensor, "L A M 2"]
) -> Bool[Tensor, "L A"]:
    """Whether no two rectangles of a scene share a pixel."""
    ends = corners + sizes
    before = ends[..., :, None, :] <= corners[..., None, :, :]
    apart = (before | before.transpose(2, 3)).any(dim=-1)
    return ~(~apart & _pairs(sizes)).flatten(2).any(dim=2)


def _pairs(sizes: Int64[Tensor, "L 1 M 2"]) -> Bool[Tensor, "L 1 M M"]:
    """Which pairs of different objects are present."""
    present = (sizes > 0).all(dim=-1)
    both = present[..., :, None] & present[..., None, :]
    return both & ~torch.eye(sizes.shape[2], dtype=torch.bool, device=sizes.device)
