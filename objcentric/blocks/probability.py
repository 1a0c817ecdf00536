"""From the intensities of a canvas to probabilities."""

from typing import Annotated

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

Margin = Annotated[float, Field(gt=0, lt=0.5)]


def as_probability(canvas: Float[Tensor, "*shape"], margin: float) -> Float[Tensor, "*shape"]:
    """Moves intensities from [0, 1] to [margin, 1 - margin].

    What lies outside is cut off, half a margin further out: black and white pixels, on the limits
    themselves, keep their gradients.
    """
    return (margin + (1 - 2 * margin) * canvas).clamp(margin / 2, 1 - margin / 2)
