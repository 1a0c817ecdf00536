"""Scenes of dSprites, by published specifications: `MultiDsprites` and `GeneralDsprites`."""

from typing import Literal, NamedTuple

from pydantic import NonNegativeInt, PositiveInt

from objcentric_scenes.arrangement import Rule
from objcentric_scenes.canvas_generator import CanvasGenerator
from objcentric_scenes.canvas_protocol import CanvasProtocol
from objcentric_scenes.colors import Background, ObjectColors
from objcentric_scenes.drawn_shapes import DrawnShapes

CANVAS = 64

DSPRITES = DrawnShapes(
    shapes=("square", "ellipse", "heart"),
    radii=(80, 96, 112, 128, 144, 160),
    angles=40,
    turns=39,
    samples=1,
    side=33,
)
"""The shapes, scales, angles and positions of dSprites, whose specification is at
github.com/google-deepmind/dsprites-dataset: six scales from 0.5 to 1, 40 angles from 0 to 360
degrees of which the last equals the first, 32 positions on each axis, hard edges. Sizes in pixels
are not published. Here scale 1 is a circle with a radius of 16 pixels around the shape, so that
every shape lies on the canvas."""

Variant = Literal["binarized", "colored_on_grayscale", "colored_on_colored"]


class _Look(NamedTuple):
    counts: tuple[int, ...]
    colors: ObjectColors
    background: Background


_LOOKS: dict[Variant, _Look] = {
    "binarized": _Look((2, 3), "white", "black"),
    "colored_on_grayscale": _Look((2, 3, 4, 5), "hsv", "grey"),
    "colored_on_colored": _Look((1, 2, 3, 4), "rgb", "rgb"),
}


class MultiDsprites(CanvasProtocol):
    """Multi-dSprites by its published specification, drawn here: squares, ellipses and hearts that
    cover each other on a canvas of 64×64 pixels.

    Source: github.com/google-deepmind/multi_object_datasets (Kabra et al. 2019), which publishes
    1,000,000 images of each variant, but not the program that made them. The variants are
    `binarized` (2–3 white shapes on black), `colored_on_grayscale` (2–5 shapes in colours drawn as
    hue, saturation and value, on a uniform grey level) and `colored_on_colored` (1–4 shapes and a
    background with uniform red, green and blue). Shape, scale, angle and position are independent
    and uniform over the values of dSprites. Shapes may hide each other
    entirely, as nothing is said about that.

    Not published, so chosen here: the sizes in pixels (an ellipse is twice as long as wide), and
    the ranges of saturation and value (the upper half). Figures on this data can be compared with
    each other, and only roughly with those on the published images.

    A box is the tight box of the whole shape, hidden parts included. Labels: 0 square, 1 ellipse,
    2 heart. Attributes: `radius` in pixels (16 at scale 1), `angle` in degrees, clockwise,
    `visible`, the visible share, and `color`, unless the variant is `binarized`.

    Args:
        variant: which of the three data sets.
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        counts: numbers of shapes, all equally likely; empty for those of the variant.
        test_counts: the same for test scenes; empty if they are the same numbers.
        seed: seed of the data, not of the run.
        endless: whether training scenes are made while training, others in every epoch.
    """

    def __init__(
        self,
        *,
        variant: Variant = "colored_on_grayscale",
        train: PositiveInt = 10000,
        validation: PositiveInt = 2000,
        test: PositiveInt = 2000,
        counts: tuple[NonNegativeInt, ...] = (),
        test_counts: tuple[NonNegativeInt, ...] = (),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        look = _LOOKS[variant]
        self.generator = CanvasGenerator(
            name="multi_dsprites",
            version=1,
            objects=DSPRITES,
            sizes={"train": train, "validation": validation, "test": test},
            canvas=CANVAS,
            counts=counts or look.counts,
            test_counts=test_counts,
            overlap="cover",
            colors=look.colors,
            background=look.background,
            seed=seed,
        )


class GeneralDsprites(CanvasProtocol):
    """dSprites with more objects in test scenes than in training scenes: 2–5 shapes, and 6–8 in
    test scenes, on a canvas of 64×64 pixels.

    Source: the splits `train`, `valid` and `general` of `dsprites` in
    github.com/jinyangyuan/compositional-scene-representation-datasets. At least a quarter of each
    shape is visible. Red, green and blue of shapes and of the background are uniform, and a shape's
    colour differs from the background's by at least half of the full intensity of one channel.
    Test scenes with as many objects as training scenes: `test_counts=[2,3,4,5]`.

    What differs there: shapes are drawn again, too, if they do not fit, and come from the images
    of dSprites; there are 50,000 training scenes and 1,000 of each other split. Here shapes are
    drawn as for `multi_dsprites`, with the same truth.

    Args:
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        counts: numbers of shapes in training and validation scenes, all equally likely.
        test_counts: numbers of shapes in test scenes, all equally likely.
        seed: seed of the data, not of the run.
        endless: whether training scenes are made while training, others in every epoch.

    Raises:
        ObjcentricError: the shapes do not fit.
    """

    def __init__(
        self,
        *,
        train: PositiveInt = 10000,
        validation: PositiveInt = 2000,
        test: PositiveInt = 2000,
        counts: tuple[NonNegativeInt, ...] = (2, 3, 4, 5),
        test_counts: tuple[NonNegativeInt, ...] = (6, 7, 8),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        self.generator = CanvasGenerator(
            name="general_dsprites",
            version=1,
            objects=DSPRITES,
            sizes={"train": train, "validation": validation, "test": test},
            canvas=CANVAS,
            counts=counts,
            test_counts=test_counts,
            rule=Rule(visible=250),
            overlap="cover",
            colors="rgb",
            background="rgb",
            contrast=500,
            seed=seed,
        )
