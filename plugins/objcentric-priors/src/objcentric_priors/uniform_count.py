"""A uniform count (`UniformCount`)."""

import torch

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec
from objcentric_priors.fixed_count import FixedCount


class UniformCount(Prior):
    """Uniform count: p(n) = 1 / (K + 1) for n = 0…K.

    The number of objects then costs nothing; only the KL of their where and what does.

    Args:
        scene: sizes of the scene.
    """

    needs = frozenset({"ordered presence"})

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.count = FixedCount(torch.zeros(scene.slots + 1))

    def presence(self, progress: Progress) -> OrderedPresence:
        return self.count.presence()
