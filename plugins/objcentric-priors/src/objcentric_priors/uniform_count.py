"""Every number of objects alike."""

import torch

from objcentric.scene import SceneSpec
from objcentric_priors.count_prior import CountPrior


class UniformCount(CountPrior):
    """p(n) = 1 / (K + 1) for n = 0…K.

    It says nothing against an object too many; the KL of its where and what has to.

    Args:
        scene: sizes of the scene.
    """

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene, torch.zeros(scene.slots + 1))
