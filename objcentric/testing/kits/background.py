"""The conformance kit of backgrounds."""

from collections.abc import Mapping

import torch
from torch import Tensor

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import IMAGE, Exercise
from objcentric.testing.expecting import expect_equal
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.gray import Gray
from objcentric.testing.subject import Subject


def _use(
    background: Background, scene: SceneSpec, given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    return {"background": background(given["image"])}


EXERCISE = Exercise(takes={"image": IMAGE}, gives={"background": IMAGE}, use=_use)


def reading_stated(subject: Subject) -> None:
    """The background does not depend on the image, unless it says that it reads it."""
    background = subject.build().double()
    inputs = EXERCISE.inputs(background, subject.scene, dtype=torch.float64)
    if not background.reads_image:
        other = EXERCISE.run(background, subject.scene, {"image": inputs["image"] / 2})
        expect_equal(
            other,
            EXERCISE.run(background, subject.scene, inputs),
            "a background that is the same for all images (one that is not says reads_image)",
        )


KIT = InterfaceKit(
    interface=Background, exercise=EXERCISE, partner=Gray, checks=(reading_stated,), page=PAGE
)
