"""A renderer that pastes decoded patches."""

from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Renderer
from objcentric.scene import SceneSpec
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric.testing.partners.window import Window


class Pasted(Renderer):
    """Decodes what, and writes the patch at where, like a model without a renderer.

    Args:
        scene: sizes of the scene.
    """

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.decoder = LinearDecoder(scene)
        self.glimpser = Window(scene.requested)

    def forward(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        return Layers(self.glimpser.write(self.decoder(what).color, where))
