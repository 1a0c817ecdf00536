"""The framework's AIR model, and the plain implementation with the same weights."""

from collections.abc import Callable, Iterator

import torch
from einops import rearrange
from plain_air import CANVAS, GLIMPSE, STEPS, WHAT, Noise, PlainAir
from torch import Tensor, nn
from torch.distributions import Distribution

from objcentric.blocks.step_network import StepNetwork
from objcentric.interfaces import GradientEstimator
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.model.wired_model import WiredModel
from objcentric.scene import RequestedScene, SceneSpec
from objcentric_air.air_prior import AirPrior
from objcentric_air.gaussian import Gaussian
from objcentric_air.mlp_decoder import MlpDecoder
from objcentric_air.mlp_encoder import MlpEncoder
from objcentric_air.recurrent import Recurrent
from objcentric_air.recurrent_baseline import RecurrentBaseline
from objcentric_air.reinforce import Reinforce
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_air.sum import Sum

BY_THE_BOOK = ObjectiveOptions(
    beta=0.7, object_kl="reached", presence_kl="reached", signal="likelihood"
)
EXPERIMENT = RequestedScene(
    image_shape=(1, CANVAS, CANVAS), objects=STEPS, what_dim=WHAT, glimpse=GLIMPSE
).settled(SpatialTransformer.where_spec)


def air(
    scene: SceneSpec = EXPERIMENT,
    objective: ObjectiveOptions = BY_THE_BOOK,
    estimator: GradientEstimator | None = None,
    hidden: int = 256,
    width: int = 400,
) -> WiredModel:
    """AIR made of the default components, built from Python."""
    return WiredModel(
        glimpser=SpatialTransformer(scene.requested),
        encoder=MlpEncoder(scene, hidden=(width,)),
        decoder=MlpDecoder(scene, hidden=(width,)),
        scheduler=Recurrent(scene, hidden=hidden),
        estimator=estimator or Reinforce(baseline=RecurrentBaseline(scene)),
        prior=AirPrior(scene),
        compositor=Sum(),
        likelihood=Gaussian(),
        objective=objective,
    )


def same_weights(model: WiredModel) -> PlainAir:
    """The plain implementation with the weights, or the gradients, of the framework's model."""
    plain = PlainAir().to(next(model.parameters()))
    copy(weights(model), plain.parameters())
    return plain


def copy(source: dict[str, Tensor], target: Iterator[nn.Parameter]) -> None:
    """Sets the parameters to the given values, in order."""
    with torch.no_grad():
        for parameter, value in zip(target, source.values(), strict=True):
            parameter.copy_(value)


def weights(
    model: WiredModel, what: Callable[[Tensor], Tensor] = torch.Tensor.detach
) -> dict[str, Tensor]:
    """What holds of each of the framework's parameters, laid out and ordered as the plain ones."""
    networks = {
        "recurrent": "scheduler.network",
        "encoder": "encoder.network",
        "decoder": "decoder.network",
        "baseline": "estimator.baseline.network",
    }
    parts = {part: model.get_submodule(path) for part, path in networks.items()}
    found: dict[str, Tensor] = {}
    for part, network in parts.items():
        tensors = (
            step_weights(network, what)
            if isinstance(network, StepNetwork)
            else [what(parameter) for parameter in network.parameters()]
        )
        found |= {f"{part}.{i}": tensor for i, tensor in enumerate(tensors)}
    return found


def step_weights(network: StepNetwork, what: Callable[[Tensor], Tensor]) -> list[Tensor]:
    """The first layer in one piece, the last layer's hidden state before its outputs."""
    image, latents = network.first_of_image, network.first_of_latents
    first = torch.cat([what(image.weight), what(latents.weight)], 1)
    last = [what(parameter).roll(-network.outputs, 0) for parameter in network.last.parameters()]
    return [first, what(image.bias), *map(what, network.second.parameters()), *last]


def chooser(noise: Noise) -> Callable[[Distribution], Tensor]:
    """Chooses from where and what posteriors, step by step, with the given noise."""
    values = (value for step in zip(noise.where, noise.what, strict=True) for value in step)
    return lambda posterior: (
        posterior.mean + posterior.stddev * rearrange(next(values), "b d -> b 1 d")
    )
