"""The kit of object decoders: intensities, and alpha if they say so."""

from collections.abc import Mapping

from torch import Tensor

from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import Exercise
from objcentric.testing.expecting import expect
from objcentric.testing.inputs import extreme, ordinary
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric.testing.subject import Subject


def _use(
    decoder: ObjectDecoder, scene: SceneSpec, given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    appearance = decoder(given["what"])
    found = {name: getattr(appearance, name) for name in ("color", "alpha", "mask_logits")}
    return {name: value for name, value in found.items() if value is not None}


EXERCISE = Exercise(
    takes={"what": "B K A"},
    gives={"color": "B K C P P", "alpha": "B K 1 P P", "mask_logits": "B K 1 P P"},
    use=_use,
)


def intensities(subject: Subject) -> None:
    """Colour and alpha stay in [0, 1], whatever the code. Where slots compete for pixels only their
    mixture is an intensity, and a decoder that offers mask logits may draw any colour."""
    decoder = subject.build()
    exercise = EXERCISE
    for draw in (ordinary, extreme):
        inputs = exercise.inputs(decoder, subject.scene, draw=draw)
        for name, value in exercise.run(decoder, subject.scene, inputs).items():
            if name == "color" and "mask logits" in decoder.offers:
                continue
            low, high = value.min().item(), value.max().item()
            expect(low >= 0 and high <= 1, f"{name} in [0, 1]", f"{low:.3g} to {high:.3g}")


def alpha(subject: Subject) -> None:
    """It draws alpha if it offers `"alpha"`, and only then, and mask logits if it offers
    `"mask logits"`: compositors are chosen by that."""
    decoder = subject.build()
    appearance = decoder(EXERCISE.inputs(decoder, subject.scene)["what"])
    drawn = {"alpha": appearance.alpha, "mask logits": appearance.mask_logits}
    for name, value in drawn.items():
        offers = name in decoder.offers
        expect(
            (value is not None) == offers,
            f"{'' if offers else 'no '}{name}, as it offers {sorted(decoder.offers) or 'nothing'}",
            "none" if value is None else "some",
        )


KIT = InterfaceKit(ObjectDecoder, EXERCISE, LinearDecoder, (intensities, alpha), PAGE)
