"""Arithmetic precise enough for figures (`at_least_single`)."""

import torch
from jaxtyping import Float
from torch import Tensor


def at_least_single(values: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Half precision, which mixed-precision models answer in, made single; others as they are."""
    return values.to(torch.promote_types(values.dtype, torch.float32))
