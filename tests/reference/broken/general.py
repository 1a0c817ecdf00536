"""Components that fail a check which all kinds share."""

import math
import random

import torch
from pydantic import PositiveFloat
from torch import Tensor, nn

from objcentric.drafts import Appearance
from objcentric.scene import SceneSpec
from objcentric.testing.partners.gray import Gray
from objcentric.testing.partners.linear_baseline import LinearBaseline
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric.testing.partners.linear_encoder import LinearEncoder

GOOD = [Gray, LinearBaseline, LinearDecoder, LinearEncoder]


class Unfinished(LinearDecoder):
    def __init__(self, scene: SceneSpec) -> None:
        raise RuntimeError("not yet")


class BadDefault(LinearDecoder):
    def __init__(self, scene: SceneSpec, *, gain: PositiveFloat = -1.0) -> None:
        super().__init__(scene)


class Wide(LinearDecoder):
    def forward(self, what):
        return Appearance(super().forward(what).color.repeat_interleave(2, -1))


class ForgetsTheSlot(LinearEncoder):
    def forward(self, glimpses):
        posterior = super().forward(glimpses)
        if glimpses.shape[1] == 1:
            return type(posterior)(posterior.loc.squeeze(1), posterior.scale.squeeze(1))
        return posterior


class BesselOfTheBatch(LinearDecoder):
    def forward(self, what):
        return Appearance(super().forward(what).color + 0 * what.detach().std(0).mean())


class Square(LinearBaseline):
    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        channels, height, _ = scene.image_shape
        self.of_image = nn.Linear(channels * height * height, 1)


class Colourblind(LinearBaseline):
    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.of_image = nn.Linear(math.prod(scene.image_shape[1:]), 1)


class Single(LinearDecoder):
    def forward(self, what):
        return Appearance(super().forward(what).color.float())


class HostOnly(LinearDecoder):
    capturable = False

    def forward(self, what):
        return Appearance(super().forward(what).color.cpu())


class Unrepeatable(LinearDecoder):
    """Dims its pictures by a chance of its own, which it draws once and keeps."""

    capturable = False
    vmappable = False
    dimmed: Tensor

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.register_buffer("dimmed", torch.tensor(-1.0))

    def forward(self, what):
        if self.dimmed < 0:
            self.dimmed.fill_(random.random())
        return Appearance(super().forward(what).color * (1 - 0.5 * self.dimmed))


class Positional(LinearBaseline):
    def forward(self, context):
        n = len(context.image)
        return super().forward(context) + torch.arange(n, device=context.image.device).unsqueeze(1)


class Deaf(LinearDecoder):
    def forward(self, what):
        return Appearance(super().forward(what).color.detach())


class Logarithmic(LinearBaseline):
    def forward(self, context):
        return super().forward(context) + context.image.mean((1, 2, 3)).log().unsqueeze(1)


class Fading(LinearDecoder):
    """Grows dimmer as it trains, and does not say so in its state."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.seen = 0

    def forward(self, what):
        self.seen += self.training
        return Appearance(super().forward(what).color * 0.9**self.seen)


class Particular(LinearDecoder):
    def forward(self, what):
        logits = self.layer(what)
        torch.lerp(logits, torch.zeros_like(logits, dtype=self.layer.weight.dtype), 0.5)
        return super().forward(what)


class Lucky(LinearDecoder):
    """Has a weight that it never uses, and that no seed reaches."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.charm = nn.Parameter(torch.tensor(random.random()))


class Curious(LinearDecoder):
    """Asks the device for a value."""

    vmappable = False

    def forward(self, what):
        return Appearance(super().forward(what).color * (1.0 if what.sum().item() > 0 else 0.9))


class Tidy(LinearDecoder):
    """Draws its noise into a tensor of its own."""

    def forward(self, what):
        noise = torch.empty(what.shape, dtype=what.dtype, device=what.device).normal_()
        return Appearance(super().forward(what + 0 * noise).color)


BROKEN = {
    "construction": Unfinished,
    "recipe_options": BadDefault,
    "shapes": Wide,
    "one_slot": ForgetsTheSlot,
    "batch_of_one": BesselOfTheBatch,
    "non_square_image": Square,
    "three_channels": Colourblind,
    "double_precision": Single,
    "device": HostOnly,
    "determinism": Unrepeatable,
    "batch_permutation": Positional,
    "gradients": Deaf,
    "extremes": Logarithmic,
    "state_dict": Fading,
    "autocast": Particular,
    "same_weights": Lucky,
    "capturable": Curious,
    "vmappable": Tidy,
}
