"""Scenes of any sprites, with every option of the generator (`SpritesOnCanvas`)."""

from typing import Annotated, ClassVar

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from objcentric.errors import ObjcentricError
from objcentric.interfaces import SpriteSource
from objcentric_scenes.arrangement import THOUSAND, Rule
from objcentric_scenes.canvas_generator import CanvasGenerator, Overlap
from objcentric_scenes.canvas_protocol import CanvasProtocol
from objcentric_scenes.colors import Background, ObjectColors
from objcentric_scenes.mnist import Mnist
from objcentric_scenes.resized_sprites import ResizedSprites, equally_likely

Share = Annotated[float, Field(ge=0, le=1)]


class SpritesOnCanvas(CanvasProtocol):
    """Sprites of any source on a canvas, for protocols of your own.

    All counts are equally likely, and so are all sides and all sprites. Every arrangement that the
    options allow is equally likely, too. The protocols `scattered` and `crowded` are settings of
    the same generator.

    A box encloses the resized sprite with its margin, or its ink alone without margins. If
    intensities add up, a pixel belongs to the object with most ink there. If objects cover each
    other, it belongs to the front-most object with at least half of the full ink. Attributes:
    `side` in pixels; `color` (red, green, blue) if objects are coloured; and `visible`, the visible
    share, if they cover each other.

    Args:
        sprites: source of grey sprites. Test scenes show its test split.
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        canvas: side of a scene, in pixels.
        counts: numbers of objects, all equally likely.
        test_counts: the same for test scenes; empty if they are the same numbers.
        smallest: smallest side of a sprite, in pixels.
        largest: largest side of a sprite, in pixels.
        margins: whether a sprite keeps its empty margin; without, its ink may touch the rim.
        apart: smallest distance of two centres, as a multiple of the mean of their sides.
        visible: smallest visible share of each object; for objects that cover each other.
        disjoint: whether boxes must not share a pixel.
        overlap: `add` adds intensities and clips them at 255; with `cover`, ink is opacity, and
            later objects are in front.
        colors: `white`, `rgb` (red, green and blue uniform) or `hsv` (any hue, at least half of
            the saturation and brightness). Scenes are grey if nothing is coloured.
        background: `black`, `grey` (a level for each scene, uniform), `rgb`, or `picture`: one
            smooth picture, of intensities up to 160, behind all scenes of a data seed.
        noise: largest change of an intensity by noise, which is uniform over -noise…noise.
        seed: seed of the data, not of the run.
        endless: whether training scenes are made while training, others in every epoch.

    Raises:
        ObjcentricError: the options contradict each other, or the sprites do not fit.
    """

    default_components: ClassVar = {"sprites": Mnist}

    def __init__(
        self,
        *,
        sprites: SpriteSource,
        train: PositiveInt = 10000,
        validation: PositiveInt = 2000,
        test: PositiveInt = 2000,
        canvas: PositiveInt = 64,
        counts: tuple[NonNegativeInt, ...] = (0, 1, 2, 3, 4),
        test_counts: tuple[NonNegativeInt, ...] = (),
        smallest: PositiveInt = 14,
        largest: PositiveInt = 20,
        margins: bool = True,
        apart: NonNegativeFloat = 0.0,
        visible: Share = 0.0,
        disjoint: bool = False,
        overlap: Overlap = "add",
        colors: ObjectColors = "white",
        background: Background = "black",
        noise: Annotated[int, Field(ge=0, le=255)] = 0,
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        self.endless = endless
        if visible and overlap == "add":
            raise ObjcentricError(
                f"visible={visible} needs objects that cover each other: overlap=cover. If their "
                "intensities add up, all of each object is visible"
            )
        rule = Rule(round(THOUSAND * apart), round(THOUSAND * visible), disjoint)
        self.generator = CanvasGenerator(
            name="sprites_on_canvas",
            version=1,
            objects=ResizedSprites(sprites, equally_likely(smallest, largest), margins),
            sizes={"train": train, "validation": validation, "test": test},
            canvas=canvas,
            counts=counts,
            test_counts=test_counts,
            rule=rule,
            overlap=overlap,
            colors=colors,
            background=background,
            noise=noise,
            seed=seed,
        )
