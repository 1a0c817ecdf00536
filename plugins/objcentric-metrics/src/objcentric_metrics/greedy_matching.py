"""Greedy matching of attention windows and objects (`matched_sum`, `matched_slots`)."""

from collections.abc import Iterator

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor


def matched_sum(
    scores: Float[Tensor, "B K M"],
    present: Bool[Tensor, "B K"],
    exists: Bool[Tensor, "B M"],
) -> Float[Tensor, " B"]:
    """Sum of the scores of matched windows and objects, over the objects of a scene.

    Windows and objects are matched greedily, the best pair first. An object that is left without a
    window counts 0.

    Args:
        scores: score of each window for each object, not negative.
        present: which slots have a window.
        exists: which objects are there.
    """
    total = scores.new_zeros(scores.shape[0])
    for best, _, _ in _best_pairs(scores, present, exists):
        total = total + best
    return total


def matched_slots(
    scores: Float[Tensor, "B K M"],
    present: Bool[Tensor, "B K"],
    exists: Bool[Tensor, "B M"],
) -> Int[Tensor, "B M"]:
    """The slot of each object, matched as for `matched_sum`; -1 for an object without a slot.

    Pairs with a score of 0 are not matched.
    """
    scene = torch.arange(scores.shape[0], device=scores.device)
    slot_of = torch.full_like(exists, -1, dtype=torch.long)
    for best, slot, object_ in _best_pairs(scores, present, exists):
        slot_of[scene, object_] = torch.where(best > 0, slot, slot_of[scene, object_])
    return slot_of


def _best_pairs(
    scores: Float[Tensor, "B K M"],
    present: Bool[Tensor, "B K"],
    exists: Bool[Tensor, "B M"],
) -> Iterator[tuple[Float[Tensor, " B"], Int[Tensor, " B"], Int[Tensor, " B"]]]:
    """Score, slot and object of the best pair of each scene that is left; 0 if none is."""
    pairs = rearrange(present, "b k -> b k 1") & rearrange(exists, "b m -> b 1 m")
    scores = scores * pairs
    slots, objects = scores.shape[1:]
    scene = torch.arange(scores.shape[0], device=scores.device)
    for _ in range(min(slots, objects)):
        best, pair = rearrange(scores, "b k m -> b (k m)").max(-1)
        slot, object_ = pair // objects, pair % objects
        yield best, slot, object_
        scores = scores.clone()
        scores[scene, slot] = 0.0
        scores[scene, :, object_] = 0.0
