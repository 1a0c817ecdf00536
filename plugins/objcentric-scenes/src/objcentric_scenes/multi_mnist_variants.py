"""Multi-MNIST as two published implementations of AIR make it: `PyroMultiMnist` and
`DisjointMultiMnist`."""

from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from objcentric.interfaces import SpriteSource
from objcentric_scenes.arrangement import Rule
from objcentric_scenes.canvas_generator import CanvasGenerator
from objcentric_scenes.canvas_protocol import CanvasProtocol
from objcentric_scenes.mnist import Mnist
from objcentric_scenes.resized_sprites import ResizedSprites

PYRO_SIDES = {
    16: 3, 17: 50, 18: 359, 19: 1174, 20: 2108, 21: 2380, 22: 1882, 23: 1132, 24: 553, 25: 231,
    26: 86, 27: 29, 28: 9, 29: 3, 30: 1,
}  # fmt: skip
"""Sides of 28 / s pixels, rounded down, where s is normal with mean 1.3 and deviation 0.1: how
often of 10,000."""


class PyroMultiMnist(CanvasProtocol):
    """Multi-MNIST after Pyro's AIR example and the `observations` package: none, one or two digits
    on a black canvas of 50×50 pixels, equally often.

    Source: pyro/contrib/examples/multi_mnist.py in github.com/pyro-ppl/pyro. A digit is shrunk by a
    normal factor, to 21.1 pixels on average. Digits lie anywhere, and are placed again if
    intensities add up to more than 255 at any pixel, which keeps most ink apart. What differs
    there: digits and sizes are drawn again, too; the last position on each axis is left out; the
    filter of the resizing is that of the installed Pillow; there are 60,000 training
    scenes, which is `train=60000` here.

    A box encloses the resized digit with its margin. A pixel belongs to the digit with most ink
    there. Attribute: `side`, in pixels.

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
        canvas: PositiveInt = 50,
        counts: tuple[NonNegativeInt, ...] = (0, 1, 2),
        test_counts: tuple[NonNegativeInt, ...] = (),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        self.generator = CanvasGenerator(
            name="pyro_multi_mnist",
            version=1,
            objects=ResizedSprites(digits, PYRO_SIDES),
            sizes={"train": train, "validation": validation, "test": test},
            canvas=canvas,
            counts=counts,
            test_counts=test_counts,
            rule=Rule(unsaturated=True),
            seed=seed,
        )


class DisjointMultiMnist(CanvasProtocol):
    """Multi-MNIST after Kosiorek's AIR: none, one or two digits of full size on a black canvas of
    50×50 pixels, equally often, whose boxes share no pixel.

    Source: attend_infer_repeat/data/data.py in github.com/akosiorek/attend_infer_repeat. Digits are
    cut out of their margins, and lie anywhere where the tight boxes of their ink are disjoint. What
    differs there: digits are drawn again, too, if they do not fit in five attempts; positions at
    the rim are half as likely as others; there are 60,000 training scenes, which is `train=60000`
    here, of 55,000 digits.

    A box is the tight box of a digit's ink. Attribute: `side` of the image, in pixels.

    Args:
        digits: source of the digits. Test scenes show its test split.
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        canvas: side of a scene, in pixels.
        digit: side of a digit with its margin, in pixels.
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
        canvas: PositiveInt = 50,
        digit: PositiveInt = 28,
        counts: tuple[NonNegativeInt, ...] = (0, 1, 2),
        test_counts: tuple[NonNegativeInt, ...] = (),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        self.generator = CanvasGenerator(
            name="disjoint_multi_mnist",
            version=1,
            objects=ResizedSprites(digits, {digit: 1}, margins=False),
            sizes={"train": train, "validation": validation, "test": test},
            canvas=canvas,
            counts=counts,
            test_counts=test_counts,
            rule=Rule(disjoint=True),
            seed=seed,
        )
