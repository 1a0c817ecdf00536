"""A prior that learns how probable one more object is (`LearntChance`)."""

import torch
from torch import nn

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec


class LearntChance(Prior):
    """Geometric count, cut off at K: each step adds one more object with the same probability,
    which training finds.

    Args:
        scene: sizes of the scene.
    """

    needs = frozenset({"ordered presence"})

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.logit = nn.Parameter(torch.zeros(()))  # a probability of ½ at first

    def presence(self, progress: Progress) -> Presence:
        return OrderedPresence(self.logit.expand(self.slots), validate_args=False)
