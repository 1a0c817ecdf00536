"""Metrics of what a model says of each object: `ClassAccuracy`, `PositionError`."""

from collections.abc import Mapping

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric


class ClassAccuracy(Metric):
    """Share of true objects whose class is found.

    Present slots and true objects are matched by the attribute `position`, greedily, the nearest
    pair first. An object is right if the `label` of its slot is the true one; an object that is
    left without a slot is wrong; a surplus slot costs nothing. Labels are compared as they are, so
    this is for models whose classes have a given meaning.
    """

    truth = frozenset({"counts", "labels", "attributes"})
    abilities = frozenset({"attributes"})
    title = "class accuracy"
    style = "percent"
    digits = 4
    better = "higher"
    bounds = (0.0, 1.0)
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        labels, found = judged.truth.labels, judged.inference.attributes.get("label")
        pairs, _ = _matched(judged)
        if labels is None or found is None or pairs is None:
            return _nothing(judged)
        right = rearrange(found, "b k -> b k 1") == rearrange(labels, "b m -> b 1 m")
        return {"sum": (pairs & right).sum().double(), "number": _counts(judged).sum()}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return _mean(total)


class PositionError(Metric):
    """Mean distance of objects from where they are found.

    Present slots and true objects are matched by the attribute `position`, greedily, the nearest
    pair first. Distances are in the attribute's unit. Objects that are left without a slot and
    slots without an object do not count; they show in the count accuracy.
    """

    truth = frozenset({"counts", "attributes"})
    abilities = frozenset({"attributes"})
    title = "distance from the true position"
    digits = 4
    better = "lower"
    bounds = (0.0, float("inf"))
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        pairs, distance = _matched(judged)
        if pairs is None or distance is None:
            return _nothing(judged)
        return {"sum": torch.where(pairs, distance, 0.0).sum(), "number": pairs.sum()}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return _mean(total)


def _matched(
    judged: Judged,
) -> tuple[Bool[Tensor, "B K M"] | None, Float[Tensor, "B K M"] | None]:
    """Which slots and objects are matched, and all distances; None without positions."""
    true = judged.truth.attributes.get("position")
    found = judged.inference.attributes.get("position")
    if true is None or found is None:
        return None, None
    true, found = true.double(), found.double()
    steps = rearrange(found, "b k xy -> b k 1 xy") - rearrange(true, "b m xy -> b 1 m xy")
    distance = steps.square().sum(-1).sqrt()
    present = judged.inference.presence > 0.5
    objects = torch.arange(true.shape[1], device=true.device)
    exists = objects < rearrange(_counts(judged), "b -> b 1")
    free = rearrange(present, "b k -> b k 1") & rearrange(exists, "b m -> b 1 m")
    return _greedy(distance, free), distance


def _greedy(distance: Float[Tensor, "B K M"], free: Bool[Tensor, "B K M"]) -> Bool[Tensor, "B K M"]:
    """One-to-one pairs, the nearest free one first."""
    slots, objects = distance.shape[1:]
    pairs = torch.zeros_like(free)
    k, m = (torch.arange(n, device=distance.device) for n in (slots, objects))
    for _ in range(min(slots, objects)):
        left = torch.where(free, distance, torch.inf)
        nearest = rearrange(left, "b k m -> b (k m)").argmin(-1)
        row = rearrange(k, "k -> k 1") == rearrange(nearest // objects, "b -> b 1 1")
        column = m == rearrange(nearest % objects, "b -> b 1 1")
        pairs = pairs | (row & column & free)
        free = free & ~row & ~column
    return pairs


def _counts(judged: Judged) -> Tensor:
    assert judged.truth.counts is not None, "the metric needs counts"
    return judged.truth.counts


def _nothing(judged: Judged) -> dict[str, Tensor]:
    """The measure of a batch in which nothing can be compared."""
    zero = torch.zeros((), dtype=torch.double, device=judged.image.device)
    return {"sum": zero, "number": zero.long()}


def _mean(total: Mapping[str, Tensor]) -> float | None:
    number = int(total["number"])
    return total["sum"].item() / number if number else None
