"""The base class of protocols that one generator makes (`CanvasProtocol`)."""

from abc import abstractmethod

from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric_scenes.canvas_generator import CanvasGenerator


class CanvasProtocol(SceneSource):
    """A scene source whose options are settings of a `CanvasGenerator`.

    Attributes:
        generator: makes the scenes; the constructor of a protocol sets it.
    """

    generator: CanvasGenerator

    @abstractmethod
    def __init__(self) -> None: ...

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return self.generator.image_shape

    def scenes(self, split: Split) -> Scenes:
        return self.generator.scenes(split)
