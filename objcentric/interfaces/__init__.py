"""The abstract interfaces of a scene model's parts, one per file."""

from objcentric.interfaces.background import Background
from objcentric.interfaces.baseline import Baseline
from objcentric.interfaces.compositor import Compositor
from objcentric.interfaces.glimpser import Glimpser
from objcentric.interfaces.gradient_estimator import (
    Context,
    Cost,
    CostFunction,
    Estimate,
    GradientEstimator,
)
from objcentric.interfaces.likelihood import Likelihood
from objcentric.interfaces.metric import Figure, Judged, Metric
from objcentric.interfaces.object_decoder import ObjectDecoder
from objcentric.interfaces.object_encoder import ObjectEncoder
from objcentric.interfaces.perception import Perception
from objcentric.interfaces.prior import Prior, SceneBelief
from objcentric.interfaces.renderer import Renderer
from objcentric.interfaces.scene_model import Ability, Inference, NotAble, Objective, SceneModel
from objcentric.interfaces.scene_source import (
    Scenes,
    SceneSource,
    SceneStream,
    Split,
    Truth,
    TruthName,
)
from objcentric.interfaces.scheduler import Scheduler
from objcentric.interfaces.sprite_source import Sprites, SpriteSource

__all__ = [
    "Ability",
    "Background",
    "Baseline",
    "Compositor",
    "Context",
    "Cost",
    "CostFunction",
    "Estimate",
    "Figure",
    "Glimpser",
    "GradientEstimator",
    "Inference",
    "Judged",
    "Likelihood",
    "Metric",
    "NotAble",
    "ObjectDecoder",
    "ObjectEncoder",
    "Objective",
    "Perception",
    "Prior",
    "Renderer",
    "SceneBelief",
    "SceneModel",
    "SceneSource",
    "SceneStream",
    "Scenes",
    "Scheduler",
    "Split",
    "SpriteSource",
    "Sprites",
    "Truth",
    "TruthName",
]
