"""The prior of windows that have scales and shifts (`WindowPrior`)."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from objcentric.scene import WhereSpec

Share = Annotated[float, Field(gt=0, le=1)]
"""The side of a window as a fraction of the canvas' side."""
Spread = Annotated[float, Field(gt=0, lt=1)]
"""The standard deviation of a window's side as a fraction of that side."""


@dataclass(frozen=True)
class WindowPrior:
    """A default prior of `where`, for glimpsers whose windows cover 1/scale of the canvas and are
    centred at -(x, y)/scale.

    The mean scale is 1/window, in the middle of the canvas. The standard deviation of a window's
    centre is a third of half the canvas, whatever the size: x and y are in halves of the window, so
    theirs is a third of the mean scale.

    Example, in a glimpser whose `where` is `(scale, x, y)`:

        where = WindowPrior(window=0.2).spec("scale")
        assert where.loc == (5.0, 0.0, 0.0)

    Attributes:
        window: expected side of a window, as a fraction of the canvas, in (0, 1].
        window_sd: standard deviation of the scale as a fraction of its mean, in (0, 1). To first
            order this is also the relative standard deviation of a window's side.
    """

    window: float = 1 / 3
    window_sd: float = 1 / 30

    def spec(self, *scales: str) -> WhereSpec:
        """The coordinates, with their prior: the scales of these names, then x and y."""
        scale, n = 1 / self.window, len(scales)
        return WhereSpec(
            names=(*scales, "x", "y"),
            loc=(*[scale] * n, 0.0, 0.0),
            scale=(*[scale * self.window_sd] * n, scale / 3, scale / 3),
        )
