"""The kits of objcentric's own interfaces, one file per interface."""

from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.kits import (
    background,
    baseline,
    compositor,
    glimpser,
    gradient_estimator,
    likelihood,
    metric,
    object_decoder,
    object_encoder,
    prior,
    renderer,
    scene_model,
    scene_source,
    scheduler,
    sprite_source,
)

KITS: tuple[InterfaceKit, ...] = (
    glimpser.KIT,
    object_encoder.KIT,
    object_decoder.KIT,
    renderer.KIT,
    scheduler.KIT,
    gradient_estimator.KIT,
    baseline.KIT,
    prior.KIT,
    compositor.KIT,
    background.KIT,
    likelihood.KIT,
    scene_source.KIT,
    sprite_source.KIT,
    scene_model.KIT,
    metric.KIT,
)
"""The kits in the order of the documentation."""
