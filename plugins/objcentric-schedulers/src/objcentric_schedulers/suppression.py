"""Which of several proposals for one object stands (`suppressed`)."""

import torch
from einops import einsum, rearrange
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional as F

NEVER = -20.0
"""Log-odds of a proposal that gave way to another: its presence is 2e-9."""


def suppressed(logits: Float[Tensor, "B K"], near: Bool[Tensor, "B K K"]) -> Float[Tensor, "B K"]:
    """Log-odds of presence after non-maximum suppression, differentiable in all proposals.

    The surest proposal stands, all that are near it give way, and so on with those that are left
    (Neubeck & Van Gool 2006, doi:10.1109/ICPR.2006.479). One that stands is as sure as it and those
    that gave way to it are together: it is present with the probability 1 - Π(1 - p) that any of
    them is right, so proposals that are each in doubt add up.

    Args:
        logits: log-odds of presence of each proposal.
        near: whether two proposals are for the same place; symmetric, true on the diagonal.
    """
    with torch.no_grad():
        joined = _joined(logits, near)
    nobody = einsum(joined, F.logsigmoid(-logits), "b k j, b j -> b k")  # log Π(1 - p)
    stands = joined.diagonal(dim1=1, dim2=2) > 0
    # log((1 - q) / q) for q = Π(1 - p). Where nothing stands, q = 1 has no finite log-odds.
    doubt = -nobody.masked_fill(~stands, -1.0).clamp(max=-torch.finfo(logits.dtype).tiny)
    together = doubt + torch.log(-torch.expm1(-doubt))
    return together.masked_fill(~stands, NEVER)


def _joined(logits: Float[Tensor, "B K"], near: Bool[Tensor, "B K K"]) -> Float[Tensor, "B K K"]:
    """1 at k, j where proposal j gave way to k, or is k and stands; 0 elsewhere."""
    left = torch.ones_like(near[:, 0])
    joined = torch.zeros_like(near, dtype=logits.dtype)
    images = torch.arange(len(logits), device=logits.device)
    for _ in range(logits.shape[1]):
        best = logits.masked_fill(~left, -torch.inf).argmax(1)
        around = near[images, best] & left
        joined[images, best] += around.to(logits.dtype)
        left = left & ~around
    return joined


def within(places: Float[Tensor, "B K 2"], distance: Float[Tensor, "2"]) -> Bool[Tensor, "B K K"]:
    """Whether two places are nearer each other than the distance, in an ellipse.

    Args:
        places: x and y in [-1, 1].
        distance: along x and along y, in the same units.
    """
    apart = rearrange(places, "b k xy -> b k 1 xy") - rearrange(places, "b k xy -> b 1 k xy")
    return (apart / distance).square().sum(-1) < 1
