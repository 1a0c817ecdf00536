"""Tensors as pictures of a page (`picture`, `pixels`)."""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from objcentric.report.images import data_uri


def pixels(image: Float[Tensor, "C H W"]) -> UInt8[Tensor, "C H W"]:
    """Intensities in [0, 1] as 8-bit pixels; what lies outside is cut off, NaN is black."""
    plain = torch.nan_to_num(image.detach().float().cpu())
    return (plain.clamp(0, 1) * 255).round().to(torch.uint8)


def picture(image: Float[Tensor, "C H W"], opacity: Float[Tensor, "1 H W"] | None = None) -> str:
    """An image as a URI that needs no request.

    Args:
        image: intensities; of other numbers of channels than one and three, the first is shown.
        opacity: how much of each pixel is seen; None for all.
    """
    shown = image if image.shape[0] in (1, 3) else image[:1]
    return data_uri(pixels(shown if opacity is None else torch.cat([shown, opacity.to(shown)])))
