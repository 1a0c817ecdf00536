"""What is asked of every module that is used: that a step through it can be captured as a CUDA
graph, and that several seeds can be trained at once."""

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
"""Of no interest: torch says so of operations that it runs one seed after another."""
PACKAGES = Path(torch.__file__).parents[1]


def capturable(subject: Subject) -> None:
    """A step never waits for the device to learn a value, and leaves nothing on the host."""
    component, exercise = subject.build(), subject.exercise
    if not component.capturable:
        raise CheckSkipped("it says that it cannot be captured")
    inputs = exercise.inputs(component, subject.scene)
    exercise.run(component, subject.scene, inputs)  # what is made at first use is made now
    with _explained("on a CUDA device, without a value that the host would have to wait for"):
        unfollowed = _run_without_content(subject, component, inputs)
    with _explained("forwards and backwards on tensors without content"):
        without = moved(component, "meta")
        given = _on("meta", inputs)
        outputs = exercise.run(without, subject.scene, given)
        gradients_of(outputs, [*given.values(), *without.parameters()])
    if unfollowed:
        raise CheckSkipped("torch cannot follow one of its operations without a CUDA device")


def vmappable(subject: Subject) -> None:
    """Several seeds of it, stacked, run at once, and learn as each would alone."""
    components = [subject.build(seed=seed).double() for seed in range(SEEDS)]
    if not components[0].vmappable:
        raise CheckSkipped("it says that its seeds cannot be trained at once")
    if subject.instance is not None:
        raise CheckSkipped("an object was given, of which there are no seeds")
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
    used(inputs)  # what is made at first use is made now
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
    """Forwards on tensors of no content, on a CUDA device that need not exist. (Gradients cannot be
    asked for there.) Returns whether torch could not follow, for want of a device."""
    without_content = FakeTensorMode(allow_non_fake_inputs=True)
    with without_content:
        tensors, given = moved_tensors(component, "cuda"), _on("cuda", inputs)
    on_device = copy.deepcopy(component, tensors)  # what is no weight stays on the host
    try:
        with without_content, torch.no_grad():
            subject.exercise.run(on_device, subject.scene, given)
    except RuntimeError as error:
        if str(error).startswith(NO_DEVICE):  # it would run the operation, to see what comes out
            return True
        raise
    return False


class _Used(nn.Module):
    """A component with its exercise: from inputs to a scalar."""

    def __init__(self, component: nn.Module, subject: Subject) -> None:
        super().__init__()
        self.component = component
        self.exercise: Exercise = subject.exercise
        self.scene = self.exercise.settle(subject.scene, component)

    def forward(self, inputs: dict[str, Tensor]) -> Tensor:
        return weighed(self.exercise.use(self.component, self.scene, inputs))


def _draws(used: _Used, inputs: dict[str, Tensor]) -> bool:
    """Whether the outputs are a matter of chance."""
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
    """An error of torch's is the component's: where it came from is where the component called.

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
    """The last frame that is not in an installed package."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if not Path(frame.filename).is_relative_to(PACKAGES)]
    return (ours or frames)[-1]


CHECKS = (Check(capturable), Check(vmappable))
