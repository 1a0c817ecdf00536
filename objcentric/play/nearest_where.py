"""The `where` whose window lies nearest to a given box (`nearest_where`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Glimpser

STEPS = 60
"""Steps after which the best place so far is taken."""

CLOSE = 1e-3
"""Distance from the box, in pixels, at which nothing is left to improve."""


def nearest_where(
    glimpser: Glimpser, box: Float[Tensor, "4"], start: Float[Tensor, " D"]
) -> Float[Tensor, " D"]:
    """Coordinates whose window has the corners `box`, or comes close where no window has them.

    Glimpsers say what box a `where` has, and not the reverse. So this searches, by the method of
    Levenberg (1944) and Marquardt (1963) on the corners' distances. Coordinates that corners do not
    depend on stay as they are.

    Args:
        glimpser: what the coordinates mean.
        box: `(x0, y0, x1, y1)` in pixels.
        start: coordinates to start from.
    """

    def apart(where: Tensor) -> Tensor:
        corners = glimpser.boxes(rearrange(where, "d -> 1 1 d"))
        return rearrange(corners, "1 1 xyxy -> xyxy") - target

    where, target = start.detach().double().cpu(), box.detach().double().cpu()
    best, damping = apart(where), 1e-3
    with torch.enable_grad():
        for _ in range(STEPS):
            if best.norm() < CLOSE or damping > 1e9:
                break
            slope = torch.autograd.functional.jacobian(apart, where)  # (4, D)
            assert isinstance(slope, Tensor)
            curved = slope.T @ slope
            ease = damping * (curved.diagonal().clamp(min=1e-9)).diag()
            trial = where - torch.linalg.solve(curved + ease, slope.T @ best)
            if (distance := apart(trial)).norm() < best.norm():
                where, best, damping = trial, distance, damping / 5
            else:
                damping *= 4
    return where.to(start)
