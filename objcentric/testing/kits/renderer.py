"""The conformance kit of renderers: layers of single objects."""

from collections.abc import Mapping

import torch
from torch import Tensor

from objcentric.interfaces import Renderer
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import SLOT, Exercise
from objcentric.testing.expecting import expect, expect_equal
from objcentric.testing.inputs import extreme, ordinary
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.pasted import Pasted
from objcentric.testing.subject import Subject

CAPABILITIES = {"alpha": "alpha", "mask_logits": "mask logits", "depth": "depth"}
"""The parts of layers besides colour, and the capability for each."""


def _use(renderer: Renderer, scene: SceneSpec, given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    layers = renderer(given["what"], given["where"])
    found = {name: getattr(layers, name) for name in ("color", *CAPABILITIES)}
    return {name: value for name, value in found.items() if value is not None}


EXERCISE = Exercise(
    takes={"what": "B K A", "where": "B K D"},
    gives={
        "color": SLOT,
        "alpha": "B K 1 H W",
        "mask_logits": "B K 1 H W",
        "depth": "B K",
    },
    use=_use,
)


def slots_apart(subject: Subject) -> None:
    """Each object is drawn as if it were alone, whatever the others and their number."""
    renderer = subject.build().double()
    inputs = EXERCISE.inputs(renderer, subject.scene, dtype=torch.float64)
    together = EXERCISE.run(renderer, subject.scene, inputs)
    for k in range(subject.scene.slots):
        one = {name: value[:, k : k + 1] for name, value in inputs.items()}
        expect_equal(
            {name: value[:, k : k + 1] for name, value in together.items()},
            EXERCISE.run(renderer, subject.scene, one),
            f"slot {k} to be drawn among others as it is alone",
        )


def layer_intensities(subject: Subject) -> None:
    """Colour and alpha lie in [0, 1] for all codes and places. If slots compete for pixels, colour
    need not be bounded."""
    renderer = subject.build()
    bounded = {"alpha"} if "mask logits" in renderer.offers else {"color", "alpha"}
    for draw in (ordinary, extreme):
        inputs = EXERCISE.inputs(renderer, subject.scene, draw=draw)
        found = EXERCISE.run(renderer, subject.scene, inputs)
        for name in found.keys() & bounded:
            low, high = found[name].min().item(), found[name].max().item()
            expect(low >= 0 and high <= 1, f"{name} in [0, 1]", f"{low:.3g} to {high:.3g}")


def named_attributes(subject: Subject) -> None:
    """`attributes` gives the names that the renderer declares, with a value for every slot."""
    renderer = subject.build()
    inputs = EXERCISE.inputs(renderer, subject.scene)
    found = renderer.attributes(inputs["what"], inputs["where"])
    names = renderer.attribute_names
    expect(found.keys() == names, f"the attributes {sorted(names)}", sorted(found))
    slots = tuple(inputs["what"].shape[:2])
    for name, value in found.items():
        expect(tuple(value.shape[:2]) == slots, f"{name} of {slots} slots", tuple(value.shape))


def offered_layers(subject: Subject) -> None:
    """It draws alpha, mask logits and depth if and only if it offers them, to match compositors."""
    renderer = subject.build()
    found = EXERCISE.run(renderer, subject.scene, EXERCISE.inputs(renderer, subject.scene))
    for name, capability in CAPABILITIES.items():
        offers = capability in renderer.offers
        expected = f"{capability} in the layers exactly if it offers {capability!r}"
        expect((name in found) == offers, expected, f"offers {sorted(renderer.offers)}")


KIT = InterfaceKit(
    interface=Renderer,
    exercise=EXERCISE,
    partner=Pasted,
    checks=(slots_apart, layer_intensities, offered_layers, named_attributes),
    page=PAGE,
)
