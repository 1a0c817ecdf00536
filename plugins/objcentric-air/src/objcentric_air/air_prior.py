"""AIR's prior: a fixed probability of one more object (`AirPrior`)."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec


class AirPrior(Prior):
    """Geometric count, cut off at K: each step adds one more object with a fixed probability.

    Args:
        scene: sizes of the scene.
        presence: probability of one more object, in (0, 1).
    """

    needs = frozenset({"ordered presence"})

    logits: Tensor

    def __init__(
        self,
        scene: SceneSpec,
        *,
        presence: Annotated[float, Field(gt=0, lt=1)] = 0.01,
    ) -> None:
        super().__init__(scene)
        logits = torch.logit(torch.full((scene.slots,), presence))
        self.register_buffer("logits", logits, persistent=False)

    def presence(self, progress: Progress) -> OrderedPresence:
        return OrderedPresence(self.logits, validate_args=False)
