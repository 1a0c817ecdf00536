"""The validation scenes of a run's own source, one after the other (`OwnScenes`)."""

from dataclasses import dataclass
from itertools import count

from jaxtyping import UInt8
from torch import Tensor

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, SceneSource
from objcentric.pictures.snapshot import varied_scenes
from objcentric.runs.run import Run
from objcentric.scene import ImageShape

MOST = 200
"""Scenes that come by before the first one comes again."""


@dataclass(frozen=True)
class OwnScene:
    """A scene.

    Attributes:
        pixels: the scene; 255 is white.
        count: number of objects in it; None if it is unknown.
    """

    pixels: UInt8[Tensor, "C H W"]
    count: int | None


class OwnScenes:
    """Scenes whose object counts alternate. They are made when the first one is asked for.

    Validation scenes, for who plays makes choices.

    Args:
        source: makes them.
    """

    def __init__(self, source: SceneSource) -> None:
        self.source = source
        self._scenes: Scenes | None = None
        self._order: list[int] = []
        self._turns = count()

    @classmethod
    def of(cls, run: Run, image_shape: ImageShape) -> "OwnScenes | None":
        """The scenes of a run; None if its source is not here or makes images of another size."""
        try:
            source = run.recipe.build_source()
            fits = source.image_shape == image_shape
        except ObjcentricError:
            return None
        return cls(source) if fits else None

    def next(self) -> OwnScene:
        """The next scene.

        Raises:
            ObjcentricError: the scenes cannot be made, for example because data are missing.
        """
        if self._scenes is None:
            scenes = self.source.scenes("validation")
            self._order = varied_scenes(scenes.counts, len(scenes), MOST).tolist()
            self._scenes = scenes
        scenes, at = self._scenes, self._order[next(self._turns) % len(self._order)]
        return OwnScene(
            scenes.images[at], None if scenes.counts is None else int(scenes.counts[at])
        )
