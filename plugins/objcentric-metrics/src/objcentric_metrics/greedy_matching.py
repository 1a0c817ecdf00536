"""Greedy matching of attention windows and objects (`matched_sum`)."""

import torch
from einops import rearrange
from jaxtyping import Bool, Float
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
    pairs = rearrange(present, "b k -> b k 1") & rearrange(exists, "b m -> b 1 m")
    scores = scores * pairs
    slots, objects = scores.shape[1:]
    total = scores.new_zeros(scores.shape[0])
    scene = torch.arange(scores.shape[0], device=scores.device)
    for _ in range(min(slots, objects)):
        best, pair = rearrange(scores, "b k m -> b (k m)").max(-1)
        total = total + best
        scores = scores.clone()
        scores[scene, pair // objects] = 0.0
        scores[scene, :, pair % objects] = 0.0
    return total
