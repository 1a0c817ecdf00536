"""All checks there are."""

from collections.abc import Iterator

from torch import nn

from objcentric.component import Component, interface_of
from objcentric.testing.check import Check
from objcentric.testing.checks import (
    baseline,
    compositor,
    general,
    glimpser,
    gradient_estimator,
    likelihood,
    object_decoder,
    object_encoder,
    prior,
    scene_source,
    scheduler,
    sprite_source,
    used,
)
from objcentric.testing.exercises import EXERCISES

PARTICULAR = (
    *glimpser.CHECKS,
    *object_encoder.CHECKS,
    *object_decoder.CHECKS,
    *scheduler.CHECKS,
    *gradient_estimator.CHECKS,
    *baseline.CHECKS,
    *prior.CHECKS,
    *compositor.CHECKS,
    *likelihood.CHECKS,
    *scene_source.CHECKS,
    *sprite_source.CHECKS,
)
CHECKS = (
    *general.CHECKS,
    *used.CHECKS,
    *used.BATCH_CHECKS,
    *general.MODULE_CHECKS,
    *PARTICULAR,
)
"""In the order in which the documentation explains them."""


def checks_of(component: type[Component]) -> Iterator[Check]:
    """The checks that a component has to pass, the most basic ones first."""
    yield from general.CHECKS
    interface = interface_of(component)
    exercise = EXERCISES.get(interface)
    if exercise is not None:
        yield from used.CHECKS
        if exercise.has_batch:
            yield from used.BATCH_CHECKS
    if issubclass(component, nn.Module):
        yield from general.MODULE_CHECKS
    yield from (check for check in PARTICULAR if check.interface is interface)
