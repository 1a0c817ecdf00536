"""A single-file plugin with the smallest component of every kind, for tests of recipes."""

from abc import abstractmethod
from typing import Annotated, ClassVar

import torch
from pydantic import Field, PositiveInt
from torch import nn

from objcentric.component import Component
from objcentric.interfaces import (
    Baseline,
    Compositor,
    Glimpser,
    GradientEstimator,
    Likelihood,
    Metric,
    ObjectDecoder,
    ObjectEncoder,
    Prior,
    SceneModel,
    SceneSource,
    Scheduler,
)
from objcentric.scene import RequestedScene, SceneSpec, WhereSpec


class Lens(Component, nn.Module):
    """An interface that only this plugin knows."""

    @abstractmethod
    def forward(self, image): ...


class Glass(Lens):
    def __init__(self, scene: RequestedScene, *, zoom: PositiveInt = 2) -> None:
        super().__init__()
        self.scene = scene
        self.zoom = zoom

    def forward(self, image):
        return image


class Late(Glass):
    """Wants to know what its glimpser is only about to say."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene.requested)


class ToyGlimpser(Glimpser):
    where_spec = WhereSpec(("x", "y"), (0.0, 0.0), (1.0, 1.0))
    default_components: ClassVar = {"lens": Glass}

    def __init__(
        self,
        scene: RequestedScene,
        *,
        lens: Lens | None,
        margin: Annotated[int, Field(ge=0)] = 0,
    ) -> None:
        super().__init__(scene)
        self.scene = scene
        self.lens = lens
        self.margin = margin

    @property
    def glimpse_shape(self):
        channels, height, width = self.patch_shape
        return (channels, height + self.margin, width + self.margin)

    def read(self, image, where): ...

    def write(self, patches, where): ...

    def boxes(self, where): ...


class ToyEncoder(ObjectEncoder):
    def __init__(
        self, scene: SceneSpec, *, hidden: tuple[PositiveInt, ...] = (4,), rate: float = 1e-4
    ) -> None:
        super().__init__()
        self.scene = scene
        self.hidden = hidden
        self.rate = rate
        self.layer = nn.Linear(3, 3)

    def forward(self, glimpses): ...


class ToyDecoder(ObjectDecoder):
    def forward(self, what): ...


class ToyScheduler(Scheduler):
    offers = frozenset({"order"})

    def __init__(self, scene: SceneSpec, *, factor: PositiveInt = 1) -> None:
        super().__init__(scene)
        self.factor = factor
        self.layer = nn.Linear(factor, 2)

    @property
    def slots(self):
        return self.scene.objects * self.factor

    def forward(self, image, perception): ...


class UnorderedScheduler(Scheduler):
    def forward(self, image, perception): ...


class ToyBaseline(Baseline):
    def __init__(self, *, width: PositiveInt) -> None:
        super().__init__()
        self.width = width

    def forward(self, context): ...


class ToyEstimator(GradientEstimator):
    def __init__(self, *, baseline: Baseline | None = None, samples: PositiveInt = 1) -> None:
        super().__init__()
        self.baseline = baseline
        self.samples = samples

    def forward(self, posterior, cost, context): ...


class OrderedEstimator(GradientEstimator):
    needs = frozenset({"order"})

    def forward(self, posterior, cost, context): ...


class ToyPrior(Prior):
    def __init__(self, scene: SceneSpec, *, low: float = 0.1, high: float = 0.2) -> None:
        super().__init__(scene)
        if low > high:
            raise ValueError(f"low, {low}, lies above high, {high}")

    def presence(self, progress): ...


class ToyCompositor(Compositor):
    def forward(self, layers, presence): ...


class ToyLikelihood(Likelihood):
    def __init__(self, *, std: Annotated[float, Field(gt=0)] = 1.0) -> None:
        super().__init__()
        self.register_buffer("std", torch.tensor(std))

    def log_prob(self, image, canvas): ...


class ToyModel(SceneModel):
    def __init__(
        self,
        image_shape: tuple[int, int, int],
        *,
        latent: PositiveInt = 16,
        lens: Lens | None = None,
    ) -> None:
        super().__init__()
        self.image_shape = image_shape
        self.latent = latent
        self.lens = lens
        self.layer = nn.Linear(latent, 2)

    def objective(self, image, progress): ...

    def infer(self, image): ...


class Pane(Lens):
    def __init__(self, image_shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.image_shape = image_shape

    def forward(self, image):
        return image


class ToyAccuracy(Metric):
    customary = True
    better = "higher"
    customary_goal = 0.9

    def measure(self, judged): ...

    def figure(self, total): ...


class ToyBest(Metric):
    customary = True

    def measure(self, judged): ...

    def figure(self, total): ...


class ToyError(Metric):
    better = "lower"
    customary_goal = 0.5

    def __init__(self, *, samples: PositiveInt = 1) -> None:
        if samples > 100:
            raise ValueError(f"{samples} samples take too long")
        self.samples = samples

    @property
    def key(self):
        return f"toy_error_{self.samples}"

    def measure(self, judged): ...

    def figure(self, total): ...


class ToyScenes(SceneSource):
    def __init__(self, *, size: PositiveInt = 8) -> None:
        self.size = size

    @property
    def image_shape(self):
        return (1, self.size, self.size)

    def scenes(self, split): ...
