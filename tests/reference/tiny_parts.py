"""The smallest components that can be wired, and the figures of a model of them by hand."""

from typing import Any

import torch
from einops import rearrange, repeat
from torch import Tensor, nn
from torch.distributions import Distribution, Normal, kl_divergence

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
from objcentric.interfaces.perception import Perception, take_mean
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.model.wired_model import WiredModel
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene, WhereSpec

REQUESTED = RequestedScene((1, 4, 4), objects=2, what_dim=3, glimpse=4)
SCENE = REQUESTED.settled(WhereSpec(("brightness",), (1.0,), (0.5,)), (1, 4, 4))
START = Progress.at(0.0, epochs=1.0)
CONSTANT = -7.0


class WholeImage(Glimpser):
    """Looks at everything; where is a factor of brightness."""

    where_spec = SCENE.where

    def read(self, image: Tensor, where: Tensor) -> Tensor:
        return rearrange(image, "b c h w -> b 1 c h w") * rearrange(where, "b k 1 -> b k 1 1 1")

    def write(self, patches: Tensor, where: Tensor) -> Tensor:
        return patches * rearrange(where, "b k 1 -> b k 1 1 1")

    def boxes(self, where: Tensor) -> Tensor:
        return repeat(where.new_tensor([0, 0, 4, 4]), "xy -> b k xy", b=len(where), k=2)


class LinearEncoder(ObjectEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(16, 3)

    def forward(self, glimpses: Tensor) -> Distribution:
        return Normal(self.layer(rearrange(glimpses, "b k c h w -> b k (c h w)")), 0.3)


class LinearDecoder(ObjectDecoder):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 16)

    def forward(self, what: Tensor) -> Appearance:
        return Appearance(
            rearrange(self.layer(what).sigmoid(), "b k (c h w) -> b k c h w", c=1, h=4)
        )


class AtOnce(Scheduler):
    """All slots from one linear layer."""

    def __init__(self) -> None:
        super().__init__(SCENE)
        self.layer = nn.Linear(16, 4)
        self.calls = 0

    def forward(self, image: Tensor, perception: Perception) -> Drafts:
        self.calls += 1
        logits, mean = self.layer(rearrange(image, "b c h w -> b (c h w)")).chunk(2, -1)
        where = perception.choose(Normal(rearrange(mean, "b k -> b k 1"), 0.2))
        what = perception.look(image, where.sample)
        layers = perception.draw(what.sample, where.sample)
        return Drafts(OrderedPresence(logits), where, what, layers)


class Given(GradientEstimator):
    """Takes the cost at given codes, each counting for a given weight."""

    def __init__(self, codes: list[list[float]], weights: list[float]) -> None:
        super().__init__()
        self.codes, self.weights = torch.tensor(codes), torch.tensor(weights)

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        batch = len(context.image)
        codes = repeat(self.codes, "s k -> s b k", b=batch)
        weights = repeat(self.weights, "s -> s b", b=batch)
        costs = cost(codes)
        loss = (weights * costs).sum(0).mean()
        return Estimate(loss, codes, costs.detach(), weights)


class Coin(Prior):
    def presence(self, progress: Progress) -> Presence:
        return OrderedPresence(torch.tensor([-1.0, -2.0]))


class Add(Compositor):
    def forward(self, layers: Layers, presence: Tensor) -> Tensor:
        return (rearrange(presence, "s b k -> s b k 1 1 1") * layers.color).sum(2)


class Squares(Likelihood):
    def log_prob(self, image: Tensor, canvas: Tensor) -> Tensor:
        return -(image - canvas).square().sum((2, 3, 4))

    def log_constant(self, image: Tensor) -> float:
        return CONSTANT


CODES, WEIGHTS = [[1.0, 0.0], [1.0, 1.0]], [0.25, 0.75]


def tiny(estimator: GradientEstimator | None = None, **options: Any) -> WiredModel:
    model = WiredModel(
        glimpser=WholeImage(REQUESTED),
        encoder=LinearEncoder(),
        decoder=LinearDecoder(),
        scheduler=AtOnce(),
        estimator=estimator or Given(CODES, WEIGHTS),
        prior=Coin(SCENE),
        compositor=Add(),
        likelihood=Squares(),
        objective=ObjectiveOptions(**options),
    )
    model.perception.chooser = take_mean  # nothing but presence is left to chance
    return model


def by_hand(model: WiredModel, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """NLL of the two codes (S, B), object KL of the two slots (B, K), logits of presence (B, K)."""
    drafts = model.scheduler(image, model.perception)
    one, two = drafts.layers.color.unbind(1)
    nll = [(image - canvas).square().sum((1, 2, 3)) for canvas in (one, one + two)]
    where_kl = kl_divergence(drafts.where.distribution, Normal(1.0, 0.5)).sum(-1)
    what_kl = kl_divergence(drafts.what.distribution, Normal(0.0, 1.0)).sum(-1)
    return torch.stack(nll), where_kl + what_kl, drafts.presence.logits
