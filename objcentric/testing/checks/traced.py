"""Checks of every module with an exercise: CUDA graphs, and several seeds trained at once."""

import copy
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.func import functional_call, grad, stack_module_state, vmap

from objcentric.testing.check import Check
from objcentric.testing.errors import CheckFailed, CheckSkipped
from objcentric.testing.exercise import Exercise
from objcentric.testing.expecting import expect_equal
from objcentric.testing.moving import moved, moved_tensors
from objcentric.testing.subject import Subject
from objcentric.testing.weighing import gradients_of, weighed

SEEDS = 3
NO_DEVICE = "Found no NVIDIA driver"
SLOW = "There is a performance drop"
"""Ignored: torch warns about operations that it runs for one seed after another."""
PACKAGES = Path(torch.__file__).parents[1]


def capturable(subject: Subject) -> None:
    """The host never waits for a value from the device, and no tensor stays on the host."""
    component, exercise = subject.build(), subject.exercise
    if not component.capturable:
        raise CheckSkipped("the component says capturable = False")
    inputs = exercise.inputs(component, subject.scene)
    exercise.run(component, subject.scene, inputs)  # creates whatever is created at first use
    with _explained("on a CUDA device, without a value that the host would have to wait for"):
        unfollowed = _run_without_content(subject, component, inputs)
    with _explained("forwards and backwards on tensors without content"):
        without = moved(component, "meta")
        given = _on("meta", inputs)
        outputs = exercise.run(without, subject.scene, given)
        gradients_of(outputs, [*given.values(), *without.parameters()])
    if unfollowed:
        raise CheckSkipped("torch cannot trace one of its operations without a CUDA device")


def vmappable(subject: Subject) -> None:
    """Several seeds, stacked, run at once, and have the gradients that each has alone."""
    components = [subject.build(seed=seed).double() for seed in range(SEEDS)]
    if not components[0].vmappable:
        raise CheckSkipped("the component says vmappable = False")
    if subject.instance is not None:
        raise CheckSkipped("an object was given, which has only one seed")
    used = _Used(components[0], subject)
    inputs = used.exercise.inputs(components[0], subject.scene, dtype=torch.float64)
    inputs = {name: value.detach() for name, value in inputs.items()}
    weights, buffers = stack_module_state(components)
    if not weights and not buffers and not inputs:
        raise CheckSkipped("it has neither inputs nor weights")

    def loss(weights: Any, inputs: Any, buffers: Any) -> Tensor:
        state = {f"component.{name}": value for name, value in {**weights, **buffers}.items()}
        return functional_call(used, state, (inputs,))

    slopes = grad(loss, argnums=(0, 1))
    many = {name: value.expand(SEEDS, *value.shape) for name, value in inputs.items()}
    torch.manual_seed(0)
    used(inputs)  # creates whatever is created at first use
    with _explained(f"as {SEEDS} seeds at once, stacked"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=SLOW)
        together = vmap(slopes, randomness="different")(weights, many, _copied(buffers))
    if _draws(used, inputs):
        return
    for seed in range(SEEDS):
        one = slopes(_of(weights, seed), inputs, _copied(_of(buffers, seed)))
        for got, wanted in zip(together, one, strict=True):
            expect_equal(_of(got, seed), wanted, f"gradients of seed {seed} as it has them alone")


def _run_without_content(subject: Subject, component: nn.Module, inputs: dict[str, Tensor]) -> bool:
    """Runs forwards on fake tensors, on a CUDA device that need not exist. (Gradients are not
    available there.) Returns whether torch failed because it needs a real device."""
    without_content = FakeTensorMode(allow_non_fake_inputs=True)
    with without_content:
        tensors, given = moved_tensors(component, "cuda"), _on("cuda", inputs)
    on_device = copy.deepcopy(component, tensors)  # tensors that are not weights stay on the host
    try:
        with without_content, torch.no_grad():
            subject.exercise.run(on_device, subject.scene, given)
    except RuntimeError as error:
        if str(error).startswith(NO_DEVICE):  # torch would run the operation to learn its output
            return True
        raise
    return False


class _Used(nn.Module):
    """A component with its exercise, from inputs to a scalar."""

    def __init__(self, component: nn.Module, subject: Subject) -> None:
        super().__init__()
        self.component = component
        self.exercise: Exercise = subject.exercise
        self.scene = self.exercise.settle(subject.scene, component)

    def forward(self, inputs: dict[str, Tensor]) -> Tensor:
        return weighed(self.exercise.use(self.component, self.scene, inputs))


def _draws(used: _Used, inputs: dict[str, Tensor]) -> bool:
    """Whether the outputs are random."""
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        found.append(used(inputs))
    return not torch.equal(*found)


def _on(device: str, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k: value.detach().to(device).requires_grad_() for k, value in inputs.items()}


def _of(stacked: dict[str, Tensor], seed: int) -> dict[str, Tensor]:
    return {name: value[seed] for name, value in stacked.items()}


def _copied(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in tensors.items()}


@contextmanager
def _explained(expected: str) -> Iterator[None]:
    """Turns an error from torch into a failure at the place where the component called torch.

    Raises:
        CheckFailed: the block raises an error.
    """
    try:
        yield
    except Exception as error:
        place = _outside_of_packages(error.__traceback__)
        said = str(error).strip().split("\n")[0]
        got = f"{type(error).__name__}: {said} ({place.filename}:{place.lineno})"
        raise CheckFailed(f"expected it to run {expected}, got {got}") from error


def _outside_of_packages(trace: TracebackType | None) -> traceback.FrameSummary:
    """The innermost frame outside installed packages."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if not Path(frame.filename).is_relative_to(PACKAGES)]
    return (ours or frames)[-1]


CHECKS = (Check(capturable), Check(vmappable))
