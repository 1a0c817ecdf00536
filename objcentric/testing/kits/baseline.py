"""The conformance kit of baselines, which must not bias the gradient."""

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from objcentric.interfaces import Baseline
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import Exercise
from objcentric.testing.expecting import expect
from objcentric.testing.inputs import SEEN, context_for
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.linear_baseline import LinearBaseline
from objcentric.testing.subject import Subject


def _use(baseline: Baseline, scene: SceneSpec, given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"prediction": baseline(context_for(given, given["where"].new_zeros(scene.slots)))}


EXERCISE = Exercise(takes=SEEN, gives={"prediction": "B K"}, use=_use)


def looks_back_only(subject: Subject) -> None:
    """The prediction for slot k does not depend on slot k, nor on slots after it."""
    baseline = subject.build().double()
    inputs = EXERCISE.inputs(baseline, subject.scene, dtype=torch.float64)
    slots = subject.scene.slots
    context = context_for(inputs, torch.zeros(slots, dtype=torch.float64))
    predicted = baseline(context)
    for slot in range(slots):
        later = torch.arange(slots) >= slot
        where, what = context.where.clone(), context.what.clone()
        where[:, later] += 1
        what[:, later] -= 1
        changed = baseline(replace(context, where=where, what=what))
        off = (changed - predicted)[:, : slot + 1].abs().max()
        expect(
            off < 1e-9,
            f"predictions up to slot {slot} that do not depend on slots from {slot} on",
            f"a difference of {off:.2g}",
        )


KIT = InterfaceKit(Baseline, EXERCISE, LinearBaseline, (looks_back_only,), PAGE)
