"""The component from which the first NaN or infinity of a failed training came (`first_astray`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from objcentric.across_ranks import any_rank, from_all_ranks
from objcentric.component import Component
from objcentric.component_calls import Call, Declared, declared_tensors, unwatch_calls, watch_calls
from objcentric.finiteness import astray_weights
from objcentric.randomness import noise_state, restore_noise_state
from objcentric.registry.blame import title
from objcentric.training.engines.engine import Engine
from objcentric.training.optimizer import optimizer_state, restore_optimizer_state

FILE = "astray.safetensors"
"""The batch of the failed step, in the run folder."""


@dataclass(frozen=True)
class GoodMoment:
    """A moment of an epoch at which the training was well, from which it can be repeated.

    Attributes:
        step: steps of the epoch that were done.
        images: images seen in training.
        weights: state dict of the model.
        moments: state of the optimiser.
        noise: states of the random generators.
    """

    step: int
    images: int
    weights: dict[str, Tensor]
    moments: dict[str, Tensor]
    noise: dict[str, Tensor]

    @classmethod
    def now(cls, engine: Engine, step: int, images: int) -> "GoodMoment":
        """A copy of the present state; it does not wait for the device."""
        return cls(
            step,
            images,
            _copied(engine.model.state_dict()),
            _copied(optimizer_state(engine.model, engine.optimizer)),
            noise_state(engine.device),
        )

    def restore(self, engine: Engine) -> None:
        """Takes the engine back to this moment of the epoch."""
        engine.model.load_state_dict(self.weights)
        restore_optimizer_state(engine.model, engine.optimizer, self.moments)
        restore_noise_state(self.noise, engine.device)


@dataclass(frozen=True)
class FirstAstray:
    """The step in which a training first met a value that is not finite.

    Attributes:
        source: what it came from, for a message.
        step: number of the step in its epoch, from 1.
        tensors: the batch, as `image` and `scenes` (their numbers in the training scenes), and the
            weights before the step, as `model.NAME`.
    """

    source: str
    step: int
    tensors: dict[str, Tensor]

    def keep(self, folder: Path) -> None:
        """Writes the tensors into the file `FILE` of a folder."""
        save_file(self.tensors, folder / FILE)


def first_astray(engine: Engine, good: GoodMoment, until: int, batch: int) -> FirstAstray | None:
    """Repeats steps and watches what components return, and the gradients of their weights.

    The engine is left in a state of no use. None if the steps are well this time, as may happen on
    devices that add up in another order. All ranks repeat the same steps, and get the finding of
    the first that has found something in its share of the batch.

    Args:
        engine: a plain engine, still in the epoch.
        good: the moment from which to repeat.
        until: the step at which the failure showed.
        batch: images per step.
    """
    good.restore(engine)
    with _watched(engine.model) as found:
        for number in range(good.step, until):
            before = _copied(engine.model.state_dict())
            engine.step(number, good.images + (number - good.step) * batch)
            if not any_rank(bool(found or astray_weights(engine.model))):
                continue
            scenes, image = engine.batch(number)
            kept = {"image": image, "scenes": scenes}
            kept |= {f"model.{name}": value for name, value in before.items()}
            source = found[0] if found else "the optimiser's step"
            tensors = {name: value.detach().cpu().contiguous() for name, value in kept.items()}
            findings = from_all_ranks((FirstAstray(source, number + 1, tensors), bool(found)))
            return next((each for each, is_source in findings if is_source), findings[0][0])
    return None


@contextmanager
def _watched(model: nn.Module) -> Iterator[list[str]]:
    """Lists where values are not finite, the first one first, while the block runs."""
    found: list[str] = []
    watch_calls(model, partial(_look_at, found))
    hooks = [
        parameter.register_hook(partial(_look_at_gradient, found, _owner(model, name), name))
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    ]
    try:
        yield found
    finally:
        unwatch_calls(model)
        for hook in hooks:
            hook.remove()


def _look_at(found: list[str], call: Call) -> None:
    for declared in declared_tensors(call.hints["return"], call.returned):
        if not found and not _finite(declared):
            what = f"{call.method}, {declared.path}" if declared.path else call.method
            found.append(f"{title(type(call.component))} ({what})")


def _look_at_gradient(found: list[str], owner: str, name: str, gradient: Tensor) -> None:
    if not found and not gradient.isfinite().all():
        found.append(f"the gradient of {owner} ({name})")


def _finite(declared: Declared) -> bool:
    """Whether a tensor, or the parameters of a distribution, are finite."""
    tensors = [declared.tensor]
    if declared.distribution is not None:
        names = declared.distribution.arg_constraints
        tensors = [getattr(declared.distribution, name, None) for name in names]
    return all(bool(x.isfinite().all()) for x in tensors if isinstance(x, Tensor))


def _owner(model: nn.Module, name: str) -> str:
    """The innermost component to which a parameter belongs."""
    owner: nn.Module = model
    part = model
    for step in name.split(".")[:-1]:
        part = part.get_submodule(step)
        owner = part if isinstance(part, Component) else owner
    return title(type(owner)) if isinstance(owner, Component) else "the model"


def _copied(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    with torch.no_grad():
        return {name: value.detach().clone() for name, value in tensors.items()}
