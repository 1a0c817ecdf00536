"""A model of one pixel and one object whose evidence and posterior are known.

presence ~ Bernoulli(π), what ~ N(0, 1), image ~ N(presence · what, noise²).
"""

import math
from dataclasses import dataclass

import torch
from einops import rearrange
from torch import Tensor
from torch.distributions import Distribution, Normal

from objcentric.drafts import Appearance, Drafts, Layers
from objcentric.interfaces import (
    Compositor,
    Context,
    Cost,
    Estimate,
    Glimpser,
    GradientEstimator,
    Likelihood,
    ObjectDecoder,
    ObjectEncoder,
    Prior,
    Scheduler,
)
from objcentric.interfaces.perception import Perception
from objcentric.model.wired_model import WiredModel
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene, WhereSpec

REQUESTED = RequestedScene((1, 1, 1), objects=1, what_dim=1, glimpse=1)
SCENE = REQUESTED.settled(WhereSpec((), (), ()), (1, 1, 1))


@dataclass(frozen=True)
class Conjugate:
    """What is known of the model.

    Attributes:
        noise: standard deviation of a pixel.
    """

    PRESENT = 0.3

    noise: float = 0.5

    def log_joint(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """log p(image, absent) and log p(image, present), `(B,)` each; what is integrated out."""
        pixel = rearrange(image, "b 1 1 1 -> b")
        absent = Normal(0.0, self.noise).log_prob(pixel) + math.log(1 - self.PRESENT)
        wide = Normal(0.0, math.sqrt(1 + self.noise**2))
        return absent, wide.log_prob(pixel) + math.log(self.PRESENT)

    def log_evidence(self, image: Tensor) -> Tensor:
        """log p(image), `(B,)`."""
        return torch.logaddexp(*self.log_joint(image))


class Everything(Glimpser):
    """The whole image; where has no coordinates."""

    where_spec = SCENE.where

    def read(self, image: Tensor, where: Tensor) -> Tensor:
        return rearrange(image, "b c h w -> b 1 c h w")

    def write(self, patches: Tensor, where: Tensor) -> Tensor:
        return patches

    def boxes(self, where: Tensor) -> Tensor:
        raise AssertionError("there are no windows")


class Exact(ObjectEncoder):
    """p(what | image, present), wider by `spread`."""

    def __init__(self, truth: Conjugate, spread: float) -> None:
        super().__init__()
        self.noise, self.spread = truth.noise, spread

    def forward(self, glimpses: Tensor) -> Distribution:
        variance = self.noise**2 / (1 + self.noise**2)
        mean = rearrange(glimpses, "b 1 1 1 1 -> b 1 1") / (1 + self.noise**2)
        return Normal(mean, self.spread * math.sqrt(variance))


class Pixel(ObjectDecoder):
    def forward(self, what: Tensor) -> Appearance:
        return Appearance(rearrange(what, "b k 1 -> b k 1 1 1"))


class Once(Scheduler):
    """p(present | image), its log-odds off by `shift`."""

    def __init__(self, truth: Conjugate, shift: float) -> None:
        super().__init__(SCENE)
        self.truth, self.shift = truth, shift

    def forward(self, image: Tensor, perception: Perception) -> Drafts:
        absent, present = self.truth.log_joint(image)
        presence = OrderedPresence(rearrange(present - absent + self.shift, "b -> b 1"))
        where = perception.choose(Normal(image.new_zeros(len(image), 1, 0), 1.0))
        what = perception.look(image, where.sample)
        return Drafts(presence, where, what, perception.draw(what.sample, where.sample))


class Nothing(GradientEstimator):
    """There is nothing to train."""

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        raise AssertionError("this model does not train")


class Coin(Prior):
    def presence(self, progress: Progress) -> Presence:
        odds = Conjugate.PRESENT / (1 - Conjugate.PRESENT)
        return OrderedPresence(torch.tensor([math.log(odds)]))


class Add(Compositor):
    def forward(self, layers: Layers, presence: Tensor) -> Tensor:
        return torch.einsum("sbk,bkchw->sbchw", presence, layers.color)


class Noisy(Likelihood):
    """N(canvas, noise²), the normaliser told apart."""

    def __init__(self, truth: Conjugate) -> None:
        super().__init__()
        self.noise = truth.noise

    def log_prob(self, image: Tensor, canvas: Tensor) -> Tensor:
        return -(image - canvas).square().sum((2, 3, 4)) / (2 * self.noise**2)

    def log_constant(self, image: Tensor) -> float:
        return -math.log(self.noise * math.sqrt(2 * math.pi))


def conjugate(spread: float = 1.0, presence_shift: float = 0.0) -> WiredModel:
    """The model as a wiring; its inference is exact unless it is made to be worse."""
    truth = Conjugate()
    return WiredModel(
        glimpser=Everything(REQUESTED),
        encoder=Exact(truth, spread),
        decoder=Pixel(),
        scheduler=Once(truth, presence_shift),
        estimator=Nothing(),
        prior=Coin(SCENE),
        compositor=Add(),
        likelihood=Noisy(truth),
    )
