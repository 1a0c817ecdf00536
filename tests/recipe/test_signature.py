"""Options are what constructors declare."""

from typing import Annotated, Any, ClassVar

import pytest
from pydantic import PositiveInt

from objcentric.component import Component
from objcentric.interfaces import Baseline
from objcentric.recipe.signature import REQUIRED, Signature, sizes_for
from objcentric.scene import RequestedScene, SceneSpec, WhereSpec


class Some(Baseline):
    def forward(self, context): ...


def test_keyword_only_arguments_are_options_and_the_scene_is_none():
    class Part:
        def __init__(self, scene: SceneSpec, *, size: PositiveInt, rate: float = 0.5) -> None: ...

    signature = Signature.of(Part)
    assert signature.sizes is SceneSpec
    size, rate = signature.options
    assert (size.name, size.default, size.annotation) == ("size", REQUIRED, PositiveInt)
    assert (rate.name, rate.default, rate.interface) == ("rate", 0.5, None)


@pytest.mark.parametrize("kind", [tuple[int, int, int], RequestedScene, SceneSpec])
def test_a_first_parameter_may_take_sizes(kind):
    class Part:
        def __init__(self, sizes, *, size: int = 3) -> None: ...

    Part.__init__.__annotations__["sizes"] = kind
    assert Signature.of(Part).sizes == kind


REQUESTED = RequestedScene((1, 5, 6), objects=3, what_dim=2, glimpse=4)
SETTLED = REQUESTED.settled(WhereSpec((), (), ()))


@pytest.mark.parametrize(
    ("wanted", "known", "given"),
    [
        (None, SETTLED, []),
        (SceneSpec, SETTLED, [SETTLED]),
        (RequestedScene, SETTLED, [REQUESTED]),
        (RequestedScene, REQUESTED, [REQUESTED]),
        (tuple[int, int, int], SETTLED, [(1, 5, 6)]),
        (tuple[int, int, int], (1, 5, 6), [(1, 5, 6)]),
    ],
)
def test_sizes_are_given_as_the_constructor_wants_them(wanted, known, given):
    assert sizes_for(wanted, known) == given


@pytest.mark.parametrize(("wanted", "known"), [(SceneSpec, REQUESTED), (RequestedScene, (1, 5, 6))])
def test_sizes_that_are_not_known_yet_are_refused(wanted, known):
    with pytest.raises(ValueError, match=f"takes {wanted.__name__}, which is not known here"):
        sizes_for(wanted, known)


@pytest.mark.parametrize(
    ("annotation", "nullable"),
    [
        (Baseline, False),
        (Baseline | None, True),
        (Annotated[Baseline | None, "note"], True),
        ("Baseline | None", True),
    ],
)
def test_an_argument_annotated_with_an_interface_is_a_component(annotation, nullable):
    class Part:
        def __init__(self, *, baseline=None) -> None: ...

    Part.__init__.__annotations__["baseline"] = annotation
    (option,) = Signature.of(Part).options
    assert option.interface is Baseline
    assert option.nullable is nullable


def test_a_class_without_a_constructor_of_its_own_has_no_options():
    class Part: ...

    assert Signature.of(Part) == Signature(sizes=None, options=())


def test_a_component_s_default_is_declared_by_its_class():
    class Part(Component):
        default_components: ClassVar = {"baseline": Some}

        def __init__(self, *, baseline: Baseline | None, other: Baseline) -> None: ...

    baseline, other = Signature.of(Part).options
    assert baseline.default is Some
    assert other.default is REQUIRED


@pytest.mark.parametrize(
    ("defaults", "default", "message"),
    [
        ({"baselin": Some}, ..., "default_components has no such arguments: baselin"),
        ({"size": Some}, ..., "argument 'size' takes no Some"),
        ({"baseline": Component}, ..., "argument 'baseline' takes no Component"),
        ({"baseline": Some}, None, "argument 'baseline' has two defaults"),
        ({}, Some, "is a class; write default_components = {'baseline': Some} instead"),
    ],
)
def test_a_default_component_that_fits_no_argument_is_refused(defaults, default, message):
    class Part(Component):
        default_components = defaults

        def __init__(self, *, baseline: Baseline | None, size: int = 3) -> None: ...

    if default is not ...:
        Part.__init__.__kwdefaults__["baseline"] = default
    with pytest.raises(TypeError, match=message):
        Signature.of(Part)


def test_an_argument_that_is_not_keyword_only_is_refused():
    class Part:
        def __init__(self, scene: SceneSpec, size: int) -> None: ...

    with pytest.raises(TypeError, match="'size' must be keyword-only"):
        Signature.of(Part)


@pytest.mark.parametrize("name", ["lr", "use"])
def test_an_argument_that_recipes_would_take_for_something_else_is_refused(name):
    namespace: dict[str, Any] = {}
    exec(f"class Part:\n    def __init__(self, *, {name}: float) -> None: ...", namespace)
    with pytest.raises(TypeError, match=f"'{name}' needs another name: recipes write .* `{name}`"):
        Signature.of(namespace["Part"])


def test_an_argument_without_a_type_is_refused():
    class Part:
        def __init__(self, *, size=3) -> None: ...

    with pytest.raises(TypeError, match="'size' has no type annotation"):
        Signature.of(Part)
