"""Protocols with digits that lie apart on a larger canvas: `Scattered` and `Crowded`."""

from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from objcentric.interfaces import SpriteSource
from objcentric_scenes.arrangement import Rule
from objcentric_scenes.canvas_generator import CanvasGenerator
from objcentric_scenes.canvas_protocol import CanvasProtocol
from objcentric_scenes.mnist import Mnist
from objcentric_scenes.resized_sprites import ResizedSprites, equally_likely

_SIDES = equally_likely(14, 20)
_RULE = Rule(apart=850)
_VERSION = 1


class Scattered(CanvasProtocol):
    """Scattered digits: none to four on a black canvas of 64×64 pixels, all counts equally often.

    Digits are 14 to 20 pixels wide and high. Every arrangement is equally likely in which all
    centres are at least 0.85 times the mean of the two sides apart. Pixels add up and are clipped
    at 255. A box encloses the resized digit with its margin. A pixel belongs to the object with
    most ink there. Attribute: `side`, in pixels.

    Args:
        digits: source of the digits. Test scenes show its test split.
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        canvas: side of a scene, in pixels.
        counts: numbers of digits, all equally likely.
        test_counts: the same for test scenes; empty if they are the same numbers.
        seed: seed of the data, not of the run.
        endless: whether training scenes are made while training, others in every epoch.

    Raises:
        ObjcentricError: the digits do not fit.
    """

    default_components: ClassVar = {"digits": Mnist}

    def __init__(
        self,
        *,
        digits: SpriteSource,
        train: PositiveInt = 10000,
        validation: PositiveInt = 2000,
        test: PositiveInt = 2000,
        canvas: PositiveInt = 64,
        counts: tuple[NonNegativeInt, ...] = (0, 1, 2, 3, 4),
        test_counts: tuple[NonNegativeInt, ...] = (),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        self.generator = CanvasGenerator(
            name="scattered",
            version=_VERSION,
            objects=ResizedSprites(digits, _SIDES),
            sizes={"train": train, "validation": validation, "test": test},
            canvas=canvas,
            counts=counts,
            test_counts=test_counts,
            rule=_RULE,
            seed=seed,
        )


class Crowded(CanvasProtocol):
    """Many digits: one to nine on a black canvas of 128×128 pixels, otherwise as `scattered`.

    Args:
        digits: source of the digits. Test scenes show its test split.
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        canvas: side of a scene, in pixels.
        counts: numbers of digits, all equally likely.
        test_counts: the same for test scenes; empty if they are the same numbers.
        seed: seed of the data, not of the run.
        endless: whether training scenes are made while training, others in every epoch.

    Raises:
        ObjcentricError: the digits do not fit.
    """

    default_components: ClassVar = {"digits": Mnist}

    def __init__(
        self,
        *,
        digits: SpriteSource,
        train: PositiveInt = 10000,
        validation: PositiveInt = 2000,
        test: PositiveInt = 2000,
        canvas: PositiveInt = 128,
        counts: tuple[NonNegativeInt, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9),
        test_counts: tuple[NonNegativeInt, ...] = (),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        self.generator = CanvasGenerator(
            name="crowded",
            version=_VERSION,
            objects=ResizedSprites(digits, _SIDES),
            sizes={"train": train, "validation": validation, "test": test},
            canvas=canvas,
            counts=counts,
            test_counts=test_counts,
            rule=_RULE,
            seed=seed,
        )
