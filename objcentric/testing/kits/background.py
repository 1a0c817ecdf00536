"""The conformance kit of backgrounds."""

from collections.abc import Mapping

from torch import Tensor

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import Exercise
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.gray import Gray


def _use(
    background: Background, scene: SceneSpec, given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    return {"background": background()}


EXERCISE = Exercise(takes={}, gives={"background": "C H W"}, use=_use)
KIT = InterfaceKit(interface=Background, exercise=EXERCISE, partner=Gray, page=PAGE)
