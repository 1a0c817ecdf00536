"""Probabilities from the intensities of a canvas (`as_probability`)."""

from typing import Annotated

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

Margin = Annotated[float, Field(gt=0, lt=0.5)]
"""The type of the option `margin`."""


def as_probability(canvas: Float[Tensor, "*shape"], margin: float) -> Float[Tensor, "*shape"]:
    """Moves intensities from [0, 1] to [margin, 1 - margin].

    Results are clipped to [margin/2, 1 - margin/2]. Black and white pixels lie inside, so they keep
    their gradients.

    Args:
        canvas: intensities.
        margin: probability of a black pixel, and 1 minus that of a white one; in (0, 0.5).
    """
    return (margin + (1 - 2 * margin) * canvas).clamp(margin / 2, 1 - margin / 2)
