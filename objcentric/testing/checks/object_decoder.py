"""What is asked of object decoders: intensities, and alpha if they say so."""

from objcentric.interfaces import ObjectDecoder
from objcentric.testing.check import Check
from objcentric.testing.exercises import EXERCISES
from objcentric.testing.expecting import expect
from objcentric.testing.inputs import extreme, ordinary
from objcentric.testing.subject import Subject


def intensities(subject: Subject) -> None:
    """Colour and alpha stay in [0, 1], whatever the code."""
    decoder = subject.build()
    exercise = EXERCISES[ObjectDecoder]
    for draw in (ordinary, extreme):
        inputs = exercise.inputs(decoder, subject.scene, draw=draw)
        for name, value in exercise.run(decoder, subject.scene, inputs).items():
            low, high = value.min().item(), value.max().item()
            expect(low >= 0 and high <= 1, f"{name} in [0, 1]", f"{low:.3g} to {high:.3g}")


def alpha(subject: Subject) -> None:
    """It draws alpha if it offers `"alpha"`, and only then: compositors are chosen by that."""
    decoder = subject.build()
    appearance = decoder(EXERCISES[ObjectDecoder].inputs(decoder, subject.scene)["what"])
    offers = "alpha" in decoder.offers
    expect(
        (appearance.alpha is not None) == offers,
        f"{'alpha' if offers else 'no alpha'}, as it offers {sorted(decoder.offers) or 'nothing'}",
        "none" if appearance.alpha is None else "an alpha",
    )


CHECKS = (Check(ObjectDecoder, intensities), Check(ObjectDecoder, alpha))
