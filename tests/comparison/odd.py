"""A plugin in one file: components that cannot be used, and a whole model."""

import sys

import torch

from objcentric.interfaces import Compositor, GradientEstimator, Likelihood, SceneModel


class Demanding(GradientEstimator):
    """Needs what nothing offers."""

    needs = frozenset({"a miracle"})

    def forward(self, posterior, cost, context): ...


class Unwilling(Likelihood):
    """Refuses whatever it is given."""

    def __init__(self, *, std: float = 1.0) -> None:
        raise ValueError(f"std, {std}, is not to its taste")

    def log_prob(self, image, canvas): ...


class Broken(Compositor):
    """Has a bug in its constructor."""

    def __init__(self) -> None:
        super().__init__()
        torch.zeros(2) @ torch.zeros(3)

    def forward(self, layers, presence): ...


class Whole(SceneModel):
    """A model that is not wired from components."""

    def __init__(self, image_shape: tuple[int, int, int], *, latent: int = 2) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(latent, latent)

    def objective(self, image, progress): ...

    def infer(self, image): ...


class Leaving(Compositor):
    """Ends the process in its constructor, as if all were well."""

    def __init__(self) -> None:
        super().__init__()
        sys.exit(0)

    def forward(self, layers, presence): ...
