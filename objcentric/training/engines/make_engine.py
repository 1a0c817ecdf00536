"""The engine that a training runs with (`make_engine`)."""

from collections.abc import Callable, Mapping, Sequence

import torch

from objcentric.across_ranks import world_size
from objcentric.component import Component
from objcentric.devices import resolve_device
from objcentric.interfaces import Metric, SceneModel, Scenes
from objcentric.recipe.options import TrainingOptions
from objcentric.registry.blame import title
from objcentric.training.engines.cuda_capture import CudaCapture
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.engine import Engine
from objcentric.training.engines.graph import GraphEngine

MakeEngine = Callable[
    [
        SceneModel,
        Scenes,
        Sequence[Metric],
        TrainingOptions,
        Mapping[str, float],
        Callable[[str], None],
    ],
    Engine,
]
"""Makes an engine, as `make_engine` does."""


def make_engine(
    model: SceneModel,
    scenes: Scenes,
    metrics: Sequence[Metric],
    options: TrainingOptions,
    rates: Mapping[str, float],
    note: Callable[[str], None],
) -> Engine:
    """The engine that the options name; an eager one where there can be no other.

    Args:
        model: a freshly initialised model, on the CPU.
        scenes: the training scenes.
        metrics: metrics of the run.
        options: the training options.
        rates: learning rates by component path, if they differ from `options.lr`.
        note: is told why steps are run eagerly, if the user has reason to expect otherwise.

    Raises:
        ObjcentricError: the device in the options does not exist.
    """
    device = resolve_device(options.device)
    on_cuda = device.type == "cuda"
    eager = EagerEngine(model, scenes, metrics, options, rates, capturable=on_cuda)
    obstacle = graph_obstacle(device, [*model.modules(), *metrics])
    if options.engine != "eager" and obstacle is None:
        return GraphEngine(eager, CudaCapture(device), note)
    if obstacle and (options.engine == "graph" or (options.engine == "auto" and on_cuda)):
        note(f"note: steps are run eagerly, without a CUDA graph: {obstacle}")
    return eager


def graph_obstacle(device: torch.device, parts: Sequence[object]) -> str | None:
    """Why a training step cannot be captured as a CUDA graph; None if nothing is known against it.

    Args:
        device: where the model is trained.
        parts: all that takes part in a step. Only components say whether they can be captured.
    """
    if device.type != "cuda":
        return f"the device is {device.type}"
    if world_size() > 1:
        return "several processes train the model"
    kinds = {type(part) for part in parts if isinstance(part, Component) and not part.capturable}
    if kinds:
        return f"not capturable: {', '.join(sorted(title(kind) for kind in kinds))}"
    return None
