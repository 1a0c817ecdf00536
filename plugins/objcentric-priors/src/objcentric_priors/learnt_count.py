"""A learnt distribution of the count (`LearntCount`)."""

import torch
from torch import nn
from torch.nn import functional as F

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec


class LearntCount(Prior):
    """Learnt count, uniform at first: p(n) = softmax(logits)ₙ for n = 0…K.

    It is trained by the presence KL. At the optimum it is the posterior of the count, averaged over
    images (Hoffman & Johnson 2016). Such a prior does not discourage splitting one object into
    several.

    Args:
        scene: sizes of the scene.
    """

    needs = frozenset({"ordered presence"})

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.logits = nn.Parameter(torch.zeros(scene.slots + 1))

    def presence(self, progress: Progress) -> OrderedPresence:
        return OrderedPresence.from_counts(F.log_softmax(self.logits, dim=-1))
