"""What is asked of baselines: they leave the gradient unbiased."""

from dataclasses import replace

import torch

from objcentric.interfaces import Baseline
from objcentric.testing.check import Check
from objcentric.testing.exercises import EXERCISES, context_for
from objcentric.testing.expecting import expect
from objcentric.testing.subject import Subject


def looks_back_only(subject: Subject) -> None:
    """The prediction for slot k does not depend on slot k, nor on slots after it."""
    baseline = subject.build().double()
    inputs = EXERCISES[Baseline].inputs(baseline, subject.scene, dtype=torch.float64)
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


CHECKS = (Check(Baseline, looks_back_only),)
