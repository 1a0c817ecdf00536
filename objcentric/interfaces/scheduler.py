"""The interface of schedulers, which infer the slots of an image."""

from abc import abstractmethod
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Drafts
from objcentric.interfaces.perception import Perception
from objcentric.scene import SceneSpec


class Scheduler(Component, nn.Module):
    """Decides where to look and how often, and how probable it is that an object is there.

    It proposes K objects, each as if it were present. Which of them are present is decided
    afterwards, by the gradient estimator in training and by the presence posterior in inference. A
    scheduler therefore never samples presence.

    Attributes:
        has_density: whether its posteriors have log-densities. A model with `Deterministic`
            posteriors has no bound.

    Args:
        scene: sizes of the scene.
    """

    has_density: ClassVar[bool] = True

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.scene = scene

    @property
    def slots(self) -> int:
        """K, the number of slots that it proposes."""
        return self.scene.objects

    @abstractmethod
    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        """Proposals for a batch of images.

        Args:
            image: intensities in [0, 1].
            perception: looks at windows (`look`), draws objects (`draw`) and chooses values of
                posteriors (`choose`). A scheduler uses no other way.
        """
