"""A picture that notebooks show and files hold (`Picture`)."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from objcentric.pictures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class Picture:
    """A drawn figure.

    Attributes:
        figure: the figure, of matplotlib.
    """

    figure: "Figure"

    def save(self, path: str | Path) -> Path:
        """Writes it as a PNG, in one step."""
        return style.save_figure(self.figure, Path(path))

    def __repr__(self) -> str:
        width, height = self.figure.get_size_inches()
        return f'<Picture, {width:.0f}×{height:.0f} inches; .save("picture.png") writes it>'

    def _repr_png_(self) -> bytes:
        """The PNG that a notebook shows."""
        content = io.BytesIO()
        self.figure.savefig(content, format="png", dpi=100, facecolor="white")
        return content.getvalue()
