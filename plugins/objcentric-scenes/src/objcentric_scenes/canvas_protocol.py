"""The base class of protocols that one generator makes (`CanvasProtocol`)."""

from abc import abstractmethod

from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric_scenes.canvas_generator import CanvasGenerator
from objcentric_scenes.endless.canvas_stream import CanvasStream


class CanvasProtocol(SceneSource):
    """A scene source whose options are settings of a `CanvasGenerator`.

    Attributes:
        generator: makes the scenes; the constructor of a protocol sets it.
        endless: whether training scenes are others in every epoch.
    """

    generator: CanvasGenerator
    endless: bool = False

    @abstractmethod
    def __init__(self) -> None: ...

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return self.generator.image_shape

    def scenes(self, split: Split) -> Scenes:
        if self.endless and split == "train":
            made = self.generator
            stream = CanvasStream(made, made.objects.maker(split))
            return stream.first(made.sizes[split], made.protocol)
        return self.generator.scenes(split)
