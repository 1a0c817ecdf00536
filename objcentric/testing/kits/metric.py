"""The conformance kit of metrics: declared needs, and figures that add up over batches."""

from collections.abc import Iterator
from math import isfinite
from typing import get_args

from torch import Tensor

from objcentric.interfaces import Ability, Figure, Judged, Metric, TruthName
from objcentric.testing.check import PAGE
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.expecting import expect
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.judged_scenes import SCENES, JudgedScenes
from objcentric.testing.subject import Subject

FIRST, SECOND = slice(None, SCENES // 2), slice(SCENES // 2, None)
TOLERANCE = 1e-6


def declaration(subject: Subject) -> str:
    """The metric declares the truth and the abilities that it needs, a title, and bounds of its
    figure."""
    metric: Metric = subject.build()
    for name, names in (("truth", get_args(TruthName)), ("abilities", get_args(Ability))):
        unknown = getattr(metric, name) - set(names)
        expect(not unknown, f"{name} among {names}", sorted(unknown))
    expect(bool(metric.title), "a title", "none")
    low, high = metric.bounds
    expect(low < high, "bounds, the lower one first", metric.bounds)
    return f"as in {metric.reference}" if metric.reference else "without a reference"


def figure_within_bounds(subject: Subject) -> None:
    """The figure is a number, a table of numbers or None, within its bounds, and can be shown."""
    metric: Metric = subject.build()
    figure = _figure(metric, _scenes(subject).judged())
    _expect_figure(metric, figure)
    low, high = metric.bounds
    outside = [x for x in _numbers(figure) if not low - TOLERANCE <= x <= high + TOLERANCE]
    expect(not outside, f"a figure in {metric.bounds}", outside)


def batches_add_up(subject: Subject) -> None:
    """Two halves that are measured separately and combined give the figure of the whole."""
    metric: Metric = subject.build()
    if "generate" in metric.abilities:
        raise CheckSkipped("its scenes are drawn anew for each batch")
    scenes = _scenes(subject)
    halves = metric.combine(
        metric.measure(scenes.judged(FIRST)), metric.measure(scenes.judged(SECOND))
    )
    whole = _figure(metric, scenes.judged())
    _expect_same(metric.figure(halves), whole, "the figure of the whole from its two halves")


def declared_needs(subject: Subject) -> None:
    """The figure stays the same if truth and abilities are limited to those that it declares."""
    metric: Metric = subject.build()
    scenes = _scenes(subject)
    everything = _figure(metric, scenes.judged())
    declared = _figure(metric, scenes.judged(metric=metric))
    _expect_same(declared, everything, "the same figure from what it says that it needs")


def scenes_without_objects(subject: Subject) -> None:
    """For scenes without objects, the figure is a number or None."""
    metric: Metric = subject.build()
    _expect_figure(metric, _figure(metric, _scenes(subject, most=0).judged()))


def training_figure(subject: Subject) -> None:
    """`while_training` gives one value per image from presence alone, or None."""
    metric: Metric = subject.build()
    judged = _scenes(subject).judged(metric=metric)
    values = metric.while_training(judged.inference.presence, judged.truth)
    if values is None:
        raise CheckSkipped("it needs more than presence")
    expect(tuple(values.shape) == (SCENES,), f"{SCENES} values", tuple(values.shape))


def _scenes(subject: Subject, **sizes: int) -> JudgedScenes:
    return JudgedScenes.make(subject.scene.image_shape, **sizes)


def _figure(metric: Metric, judged: Judged) -> Figure:
    total = metric.measure(judged)
    odd = [name for name, value in total.items() if not isinstance(value, Tensor)]
    expect(not odd, "what is measured as tensors", odd)
    return metric.figure({name: value.cpu() for name, value in total.items()})


def _expect_figure(metric: Metric, figure: Figure) -> None:
    if isinstance(figure, list):
        expect(metric.style == "table", "a list from a metric whose style is 'table'", figure)
    odd = [x for x in _numbers(figure) if type(x) not in (int, float) or not isfinite(x)]
    expect(not odd, "a figure of finite numbers, or None", odd)
    shown = metric.show(figure)
    expect(bool(shown), "a text that shows the figure", repr(shown))


def _expect_same(got: Figure, wanted: Figure, expected: str) -> None:
    one, two = list(_numbers(got)), list(_numbers(wanted))
    same = len(one) == len(two) and all(
        abs(a - b) <= TOLERANCE * (1 + abs(b)) for a, b in zip(one, two, strict=True)
    )
    expect(same, f"{expected}, {wanted}", got)


def _numbers(figure: Figure) -> Iterator[float]:
    """The numbers of a figure, including those of a table."""
    if isinstance(figure, list):
        for part in figure:
            yield from _numbers(part)
    elif figure is not None:
        yield figure


KIT = InterfaceKit(
    interface=Metric,
    checks=(
        declaration,
        figure_within_bounds,
        batches_add_up,
        declared_needs,
        scenes_without_objects,
        training_figure,
    ),
    page=PAGE,
)
