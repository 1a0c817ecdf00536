"""Floating-point precision for figures (`at_least_single`)."""

import torch
from jaxtyping import Float
from torch import Tensor


def at_least_single(values: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Values of half precision, as mixed-precision models return, in single; others unchanged."""
    return values.to(torch.promote_types(values.dtype, torch.float32))
