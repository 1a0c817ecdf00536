"""Coloured discs, squares and triangles in front of each other (`Sprites`)."""

from pydantic import NonNegativeInt, PositiveInt

from objcentric_scenes.arrangement import Rule
from objcentric_scenes.canvas_generator import CanvasGenerator
from objcentric_scenes.canvas_protocol import CanvasProtocol
from objcentric_scenes.drawn_shapes import DrawnShapes


class Sprites(CanvasProtocol):
    """Coloured shapes: none to four discs, squares and triangles on a black canvas of 64×64 pixels,
    all counts equally often.

    A shape lies in a circle with a radius of 6.0 to 10.0 pixels, turned by any whole number of
    degrees; squares and triangles touch the circle with their corners. Its colour has any hue, and
    at least half of the saturation and of the brightness. Later objects cover earlier ones. Every
    arrangement is equally likely in which at least 40% of each shape is visible. Edges are
    antialiased with 4×4 sample points per pixel.

    A box is the tight box of the whole shape, hidden parts included. A pixel belongs to the
    front-most shape that covers at least half of it. Labels: 0 disc, 1 square, 2 triangle.
    Attributes: `color` (red, green, blue), `radius` in pixels, `angle` in degrees, clockwise, and
    `visible`, the visible share.

    Args:
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        canvas: side of a scene, in pixels.
        counts: numbers of shapes, all equally likely.
        test_counts: the same for test scenes; empty if they are the same numbers.
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
        canvas: PositiveInt = 64,
        counts: tuple[NonNegativeInt, ...] = (0, 1, 2, 3, 4),
        test_counts: tuple[NonNegativeInt, ...] = (),
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        self.generator = CanvasGenerator(
            name="sprites",
            version=1,
            objects=DrawnShapes(("disc", "square", "triangle"), tuple(range(60, 101))),
            sizes={"train": train, "validation": validation, "test": test},
            canvas=canvas,
            counts=counts,
            test_counts=test_counts,
            rule=Rule(visible=400),
            overlap="cover",
            colors="hsv",
            seed=seed,
        )
