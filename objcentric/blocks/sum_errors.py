"""Squared errors of sums of layers that are kept as patches (`sum_errors`)."""

from typing import Any

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from objcentric.placed import Placed


def sum_errors(image: Float[Tensor, "B C H W"], placed: Placed) -> Float[Tensor, "canvases B"]:
    """‖image - Σ_{j≤k} canvas_j‖² for k = 0, 1, …, K: errors of the first k objects, added up.

    One canvas at a time. The forward pass subtracts object after object from the image. The
    backward pass adds them again in reverse, so that no canvas is kept but the last. The result is
    that of `plain_sum_errors` to rounding.

    Args:
        image: the image.
        placed: the K objects.
    """
    left = rearrange(image, "b c H W -> b H (c W)")  # row weights are the same for all channels
    strips = rearrange(placed.strips(), "b k h c W -> b k h (c W)").to(image.dtype)
    errors: Tensor = _SumErrors.apply(left, placed.placement.rows.to(image.dtype), strips)
    return errors


def plain_sum_errors(
    image: Float[Tensor, "B C H W"], placed: Placed
) -> Float[Tensor, "canvases B"]:
    """`sum_errors` by its definition, with K canvases and K+1 sums of them."""
    canvases = placed.canvases()
    nothing = torch.zeros_like(canvases[:, :1])
    sums = torch.cat([nothing, canvases], dim=1).cumsum(1)
    errors = (rearrange(image, "b c h w -> b 1 c h w") - sums).square().sum((2, 3, 4))
    return rearrange(errors, "b canvases -> canvases b")


class _SumErrors(torch.autograd.Function):
    """Errors of a remainder (B, H, N) from which objects rows_k · strips_k are subtracted."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, rows: Tensor, strips: Tensor) -> Tensor:
        left = image.clone()
        errors = [_energy(left)]
        for row, strip in zip(rows.unbind(1), strips.unbind(1), strict=True):
            left.baddbmm_(row, strip, alpha=-1)
            errors.append(_energy(left))
        ctx.save_for_backward(left, rows, strips)
        return torch.stack(errors)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        last, rows, strips = ctx.saved_tensors
        left, weights = last.clone(), rearrange(2 * slopes, "s b -> s b 1 1")
        slope = weights[-1] * left  # of what is left after the last object
        of_rows, of_strips = torch.empty_like(rows), torch.empty_like(strips)
        for k in reversed(range(rows.shape[1])):
            row, strip = rows[:, k], strips[:, k]
            of_rows[:, k] = -(slope @ strip.mT)
            of_strips[:, k] = -(row.mT @ slope)
            left.baddbmm_(row, strip)  # what was left before this object
            slope.addcmul_(left, weights[k])
        return slope, of_rows, of_strips


def _energy(left: Float[Tensor, "B H N"]) -> Float[Tensor, " B"]:
    return torch.linalg.vector_norm(left, dim=(1, 2)).square()  # without a canvas of squares
