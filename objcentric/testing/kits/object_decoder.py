"""The conformance kit of object decoders: intensities, and alpha if they offer it."""

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
    """Colour and alpha lie in [0, 1] for all codes. If slots compete for pixels, colour need not be
    bounded, as in Slot Attention."""
    decoder = subject.build()
    bounded = {"alpha"} if "mask logits" in decoder.offers else {"color", "alpha"}
    for draw in (ordinary, extreme):
        inputs = EXERCISE.inputs(decoder, subject.scene, draw=draw)
        found = EXERCISE.run(decoder, subject.scene, inputs)
        for name in found.keys() & bounded:
            low, high = found[name].min().item(), found[name].max().item()
            expect(low >= 0 and high <= 1, f"{name} in [0, 1]", f"{low:.3g} to {high:.3g}")


def alpha(subject: Subject) -> None:
    """It draws alpha if and only if it offers `"alpha"`, and mask logits if and only if it offers
    `"mask logits"`. Compositors are matched by these capabilities."""
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
