"""Checks that a component leaves its surroundings alone: torch's settings, and the screen."""

import importlib.util
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache

import torch

from objcentric.testing.check import Check
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.expecting import expect
from objcentric.testing.subject import Subject

_RUNNING: set[str] = set()
"""Modules that are being run again; one may check its own components when it is imported."""


def global_state(subject: Subject) -> None:
    """Building and using the component leaves torch's global seed, dtype and device alone."""
    before = _settings()
    component = subject.build()
    _expect_unchanged(before, "the constructor")
    expect(subject.kept_seed, "the constructor to leave torch's global seed", "another one")
    kit = subject.catalogue.kit_of(subject.interface)
    if kit.exercise is not None:
        seed = 5
        kit.exercise.run(
            component, subject.scene, kit.exercise.inputs(component, subject.scene), seed=seed
        )
        expect(torch.initial_seed() == seed, "torch's global seed to be left", "another one")
        _expect_unchanged(before, "its use")


def silent_import(subject: Subject) -> None:
    """Its module prints nothing when it is imported."""
    printed = _printed(subject.kind.__module__)
    expect(not printed, "nothing to be printed at import", repr(printed[:60]))


def _settings() -> dict[str, object]:
    """Torch's global settings, by what a message calls them."""
    return {
        "the default dtype": torch.get_default_dtype(),
        "the default device": torch.get_default_device(),
        "gradients being recorded": torch.is_grad_enabled(),
        "deterministic algorithms": torch.are_deterministic_algorithms_enabled(),
        "the number of threads": torch.get_num_threads(),
    }


def _expect_unchanged(before: dict[str, object], occasion: str) -> None:
    for name, value in _settings().items():
        expect(value == before[name], f"{occasion} to leave {name} at {before[name]}", value)


@contextmanager
def settings_restored() -> Iterator[None]:
    """Restores torch's global settings: a component cannot spoil the checks of the next one."""
    dtype, device, threads = (
        torch.get_default_dtype(),
        torch.get_default_device(),
        torch.get_num_threads(),
    )
    grad, exact = torch.is_grad_enabled(), torch.are_deterministic_algorithms_enabled()
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        if torch.get_default_device() != device:
            torch.set_default_device(device)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        torch.set_grad_enabled(grad)
        torch.use_deterministic_algorithms(exact)


@cache
def _printed(module: str) -> str:
    """What a module prints when it runs. It runs again, as another module that nobody sees.

    Raises:
        CheckSkipped: it cannot run again.
    """
    place = getattr(sys.modules.get(module), "__spec__", None)
    if place is None or not place.origin or module in _RUNNING:
        raise CheckSkipped(f"the module {module} cannot be imported again")
    name = f"{module}__again"
    spec = importlib.util.spec_from_file_location(name, place.origin)
    if spec is None or spec.loader is None:
        raise CheckSkipped(f"the module {module} is no Python file")
    printed = io.StringIO()
    _RUNNING.add(module)
    sys.modules[name] = again = importlib.util.module_from_spec(spec)
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            spec.loader.exec_module(again)
    except Exception as error:  # such as registering something for the second time
        raise CheckSkipped(f"the module {module} cannot be imported twice: {error}") from error
    finally:
        _RUNNING.discard(module)
        sys.modules.pop(name, None)
    return printed.getvalue()


CHECKS = (Check(global_state), Check(silent_import))
