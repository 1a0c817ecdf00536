"""Scenes of handwritten characters (`Glyphs`)."""

from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from objcentric.interfaces import SpriteSource
from objcentric_scenes.arrangement import Rule
from objcentric_scenes.canvas_generator import CanvasGenerator
from objcentric_scenes.canvas_protocol import CanvasProtocol
from objcentric_scenes.omniglot import Omniglot
from objcentric_scenes.resized_sprites import ResizedSprites, equally_likely

_SIDES = equally_likely(20, 28)
_RULE = Rule(apart=850)
_VERSION = 1


class Glyphs(CanvasProtocol):
    """Handwritten characters: none to three on a black canvas of 64×64 pixels, all counts equally
    often.

    Characters are 20 to 28 pixels wide and high, otherwise as digits in `scattered`: every
    arrangement is equally likely in which all centres are at least 0.85 times the mean of the two
    sides apart, pixels add up, and boxes enclose the characters with their margins. With Omniglot's
    characters, test scenes show alphabets that no other split shows. Attribute: `side`, in pixels.

    Args:
        glyphs: source of the characters. Each split shows the same split of it.
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        canvas: side of a scene, in pixels.
        counts: numbers of characters, all equally likely.
        test_counts: the same for test scenes; empty if they are the same numbers.
        seed: seed of the data, not of the run.
        endless: whether training scenes are made while training, others in every epoch.

    Raises:
        ObjcentricError: the characters do not fit.
    """

    default_components: ClassVar = {"glyphs": Omniglot}

    def __init__(
        self,
        *,
        glyphs: SpriteSource,
        train: PositiveInt = 10000,
        validation: PositiveInt = 2000,
        test: PositiveInt = 2000,
        canvas: PositiveInt = 64,
        counts: tuple[NonNegativeInt, ...] = (0, 1, 2, 3),
        test_counts: tuple[NonNegativeInt, ...] = (),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        self.generator = CanvasGenerator(
            name="glyphs",
            version=_VERSION,
            objects=ResizedSprites(glyphs, _SIDES),
            sizes={"train": train, "validation": validation, "test": test},
            canvas=canvas,
            counts=counts,
            test_counts=test_counts,
            rule=_RULE,
            seed=seed,
        )
