"""The window that a glimpser's prior expects (`expected_window`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Glimpser
from objcentric.scene import WhereSpec


def expected_window(
    where: WhereSpec, image: Float[Tensor, "B C H W"], glimpser: Glimpser
) -> Float[Tensor, "2"]:
    """Width and height of the window at the mean of the prior of where, in pixels.

    Args:
        where: the glimpser's coordinates and their prior.
        image: gives device and precision.
        glimpser: says where its windows are.
    """
    loc = torch.stack([torch.full_like(image[0, 0, 0, 0], value) for value in where.loc])
    box = glimpser.boxes(rearrange(loc.detach(), "d -> 1 1 d"))
    return rearrange(box[..., 2:] - box[..., :2], "1 1 xy -> xy")
