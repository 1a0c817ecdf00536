"""The training steps of several seeds as one (`Stack`)."""

import copy
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from einops import rearrange
from jaxtyping import Float, Int, Shaped
from torch import Tensor
from torch.func import functional_call, grad_and_value, vmap
from torch.optim import Optimizer

from objcentric.component import Component
from objcentric.mishaps import is_out_of_memory
from objcentric.randomness import noise_state, restore_noise_state
from objcentric.registry.blame import culprit, title
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.noise_tape import NoiseTape, NotStackable
from objcentric.training.optimizer import set_rates

Tensors = dict[str, Tensor]


class Stack:
    """Runs the steps of several seeds of one recipe as one step, with `torch.func.vmap`.

    Each seed has the weights, batches and noise that it has alone; results differ by rounding. The
    weights, buffers and moments of its engine are views of the stacked ones, so whoever reads or
    loads them there need not know. Noise belongs to the seed: whatever else is done for a seed is
    done inside `alone`.

    Args:
        engines: an eager engine per seed, all at the same moment of the training.
        noise: the states of the random generators of each seed, from `noise_state`.

    Raises:
        NotStackable: a component says `vmappable = False`, or draws noise that depends on values.
    """

    def __init__(
        self, engines: Sequence[EagerEngine], noise: Sequence[Mapping[str, Tensor]]
    ) -> None:
        self.engines = engines
        self.lead = engines[0]
        self._noise = [dict(state) for state in noise]
        self._generators = [torch.Generator(self.lead.device) for _ in engines]
        _refuse(self.lead)
        for engine in engines:
            engine.look_every = None
        steps = [dict(engine.training_step.named_parameters()) for engine in engines]
        rest = [dict(engine.training_step.named_buffers()) for engine in engines]
        frozen = {name for name, value in steps[0].items() if not value.requires_grad}
        self._weights = {k: _joined([s[k] for s in steps]) for k in steps[0] if k not in frozen}
        self._rest = {k: _joined([s[k] for s in steps]) for k in frozen}
        self._rest |= {k: _joined([s[k] for s in rest]) for k in rest[0]}
        self._optimizer = self._stacked_optimizer(steps)
        self._parameters = steps
        self._sums: Tensor | None = None
        self._share_moments()
        with _explained():
            self._tape = self._listened()
            self._try()

    @contextmanager
    def alone(self, seed: int) -> Iterator[None]:
        """Inside the block torch's own generators are those of a seed, by its number here."""
        outside = noise_state(self.lead.device)
        restore_noise_state(self._noise[seed], self.lead.device)
        try:
            yield
        finally:
            self._noise[seed] = noise_state(self.lead.device)
            restore_noise_state(outside, self.lead.device)

    def begin_epoch(self) -> None:
        """Begins an epoch that each engine has begun."""
        self._batches = torch.stack([engine.batches for engine in self.engines], 1)
        kind = self.lead.device.type
        for generator, state in zip(self._generators, self._noise, strict=True):
            generator.set_state(state[kind])
        sums = [engine.tally.sums for engine in self.engines]
        self._sums = None
        if not any(each is None for each in sums):
            self._share_sums(torch.stack([each for each in sums if each is not None]))

    def end_epoch(self) -> None:
        """Gives each seed its noise back, at the end of an epoch or when it is broken off."""
        kind = self.lead.device.type
        for generator, state in zip(self._generators, self._noise, strict=True):
            state[kind] = generator.get_state()

    def step(self, number: int, images: int) -> None:
        """One step of every seed; see `Engine.step`."""
        lead = self.lead
        lead.place(number, images)
        slopes, sums, rest = self._slopes(self._batches[number])
        self._learn(slopes, number)
        for name, value in rest.items():
            self._rest[name].copy_(value)
        self._add(sums)

    def _slopes(self, batch: Int[Tensor, "seeds batch"]) -> tuple[Tensors, Tensors, Tensors]:
        """Gradients, figures, and what became of the buffers; all by name, for each seed."""
        lead = self.lead
        inputs = (
            self._weights,
            self._rest,
            lead.image(batch),
            {name: values[batch] for name, values in lead.scenes.truth.items()},
            self._tape.draw(self._generators),
        )
        with lead.fabric.autocast(), warnings.catch_warnings():
            # torch runs some operations one seed after another, and says so.
            warnings.filterwarnings("ignore", message="There is a performance drop")
            slopes, (_, (sums, rest)) = vmap(grad_and_value(self._loss, has_aux=True))(*inputs)
        return slopes, sums, rest

    def _try(self) -> None:
        """Sees whether torch can run the step, before anything is trained."""
        shape = (len(self.engines), self.lead.options.batch_size)
        self._slopes(torch.zeros(shape, dtype=torch.int64, device=self.lead.device))

    def _loss(
        self, weights: Tensors, rest: Tensors, image: Tensor, truth: Tensors, noise: list[Tensor]
    ) -> tuple[Tensor, tuple[Tensors, Tensors]]:
        """The loss of one seed, its figures, and what became of its buffers."""
        rest = {name: value.clone() for name, value in rest.items()}  # a step may write into them
        with self._tape.given(noise):
            state = {**weights, **rest}
            loss, sums = functional_call(self.lead.training_step, state, (image,), truth)
        return loss, (sums, rest)

    @torch.no_grad()
    def _learn(self, slopes: Tensors, number: int) -> None:
        norm = self.lead.options.clip_norm
        for group in self._optimizer.param_groups:
            for parameter in group["params"]:
                parameter.grad = slopes[self._names[parameter]]
            if norm is not None:
                clip_each([parameter.grad for parameter in group["params"]], norm)
        set_rates(self._optimizer, self.lead.rates_at(number))
        first = not self._optimizer.state
        self._optimizer.step()
        if first:
            self._share_moments()

    def _add(self, sums: Tensors) -> None:
        figures = torch.stack([value.double() for value in sums.values()], 1)  # (S, figures)
        if self._sums is None:
            for engine in self.engines:
                engine.tally.names = tuple(sums)
            self._share_sums(torch.zeros_like(figures))
        assert self._sums is not None
        self._sums += figures
        for engine in self.engines:
            engine.tally.count(self._batches.shape[2])

    def _share_sums(self, sums: Float[Tensor, "seeds figures"]) -> None:
        self._sums = sums
        for engine, own in zip(self.engines, sums, strict=True):
            engine.tally.sums = own

    def _listened(self) -> NoiseTape:
        """What a step draws, from one that changes nothing."""
        lead, before = self.lead, noise_state(self.lead.device)
        batch = torch.zeros(lead.options.batch_size, dtype=torch.int64, device=lead.device)
        truth = {name: values[batch] for name, values in lead.scenes.truth.items()}
        buffers = {k: v.clone() for k, v in lead.training_step.named_buffers()}

        def step() -> None:
            with torch.no_grad(), lead.fabric.autocast():
                functional_call(lead.training_step, buffers, (lead.image(batch),), truth)

        try:
            return NoiseTape(step)
        finally:
            restore_noise_state(before, lead.device)

    def _stacked_optimizer(self, steps: Sequence[Mapping[str, Tensor]]) -> Optimizer:
        """The engines' optimiser, for the stacked weights; with their moments, if there are any."""
        name_of = {parameter: name for name, parameter in steps[0].items()}
        groups: list[dict[str, Any]] = []
        for group in self.lead.optimizer.param_groups:
            options = {key: copy.deepcopy(v) for key, v in group.items() if key != "params"}
            names = [name_of[parameter] for parameter in group["params"]]
            groups.append({**options, "params": [self._weights[name] for name in names]})
        kind: Any = type(self.lead.optimizer)
        stacked: Optimizer = kind(groups)
        self._names = {self._weights[name]: name for name in self._weights}
        for name, weight in self._weights.items():
            pairs = zip(self.engines, steps, strict=True)
            found = [engine.optimizer.state.get(own[name], {}) for engine, own in pairs]
            if all(found):  # alone, a weight that never has a gradient has no moments, either
                stacked.state[weight] = {
                    key: _stacked([each[key] for each in found], like=weight) for key in found[0]
                }
        return stacked

    def _share_moments(self) -> None:
        """Makes the moments of each engine's optimiser views of the stacked ones."""
        for weight, moments in self._optimizer.state.items():
            for seed, (engine, own) in enumerate(zip(self.engines, self._parameters, strict=True)):
                engine.optimizer.state[own[self._names[weight]]] = {
                    key: _of_seed(value, seed, like=weight) for key, value in moments.items()
                }


@torch.no_grad()
def clip_each(slopes: Sequence[Shaped[Tensor, "seeds ..."]], norm: float) -> None:
    """Clips the norm of each seed's gradients in place, as `clip_grad_norm_` does for one."""
    lengths = torch.stack([torch.linalg.vector_norm(s.flatten(1), dim=1) for s in slopes])
    factor = (norm / (torch.linalg.vector_norm(lengths, dim=0) + 1e-6)).clamp(max=1.0)
    for slope in slopes:
        ones = " ".join("1" for _ in slope.shape[1:])
        slope.mul_(rearrange(factor, f"s -> s {ones}"))


@contextmanager
def _explained() -> Iterator[None]:
    """Says what torch cannot do, and in which component.

    Raises:
        NotStackable: the block raised it, or torch raised an error.
    """
    try:
        yield
    except (NotStackable, RuntimeError, ValueError) as error:
        if is_out_of_memory(error):
            raise
        found = culprit(error)
        where = f" (in {title(type(found[0]))}, {found[1]})" if found else ""
        said = str(error).strip().splitlines()[0]
        raise NotStackable(f"these seeds cannot be trained as one: {said}{where}") from error


def _refuse(engine: EagerEngine) -> None:
    parts = [*engine.training_step.modules(), *engine.training_step.metrics.values()]
    kinds = {type(part) for part in parts if isinstance(part, Component) and not part.vmappable}
    if kinds:
        named = ", ".join(sorted(title(kind) for kind in kinds))
        raise NotStackable(f"these seeds cannot be trained as one: not vmappable: {named}")


@torch.no_grad()
def _joined(tensors: Sequence[Tensor]) -> Tensor:
    """Several tensors as one, of which they are views from then on."""
    whole = torch.stack([tensor.detach() for tensor in tensors])
    for tensor, own in zip(tensors, whole, strict=True):
        tensor.data = own
    return whole


def _stacked(values: Sequence[Any], like: Tensor) -> Any:
    """The seeds' moments as one. What has no seeds, such as the number of steps, is the same."""
    if not isinstance(values[0], Tensor) or values[0].shape != like.shape[1:]:
        return copy.deepcopy(values[0])
    return torch.stack(list(values))


def _of_seed(value: Any, seed: int, like: Tensor) -> Any:
    return value[seed] if isinstance(value, Tensor) and value.shape == like.shape else value
