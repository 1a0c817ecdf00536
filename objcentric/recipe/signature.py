"""A component's options, as its constructor declares them (`Signature`)."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import UnionType
from typing import (
    Annotated,
    Any,
    Final,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from objcentric.component import Component
from objcentric.scene import ImageShape, RequestedScene, SceneSpec

REQUIRED: Final = object()
"""The `default` of an option without a default."""

_RESERVED = {"use": "a component's name", "lr": "the learning rate of a component's place"}

Sizes: TypeAlias = ImageShape | RequestedScene | SceneSpec
"""The sizes that are known when a component is built."""

SIZE_NAMES: Final[Mapping[Any, str]] = {
    ImageShape: "tuple[int, int, int]",
    RequestedScene: "RequestedScene",
    SceneSpec: "SceneSpec",
}


@dataclass(frozen=True)
class Option:
    """A keyword-only argument.

    Attributes:
        name: name of the argument.
        annotation: its type, with pydantic's constraints if it has any.
        default: its default; `REQUIRED` if there is none; the class, for a component.
        interface: the interface that its component must implement; None for a plain value.
        nullable: whether None is allowed; for a component, it means no component.
    """

    name: str
    annotation: Any
    default: Any
    interface: type[Component] | None
    nullable: bool


@dataclass(frozen=True)
class Signature:
    """The arguments of a component's constructor.

    Attributes:
        sizes: type of the first parameter: `SceneSpec`, `RequestedScene` or `ImageShape`; None if
            the constructor takes no sizes.
        options: the keyword-only arguments, in order.
    """

    sizes: Any
    options: tuple[Option, ...]

    @classmethod
    def of(cls, component: type[object]) -> "Signature":
        """Reads a constructor.

        Raises:
            TypeError: an argument has no annotation, is neither sizes nor keyword-only, or has a
                name that recipes reserve; or `default_components` does not fit the arguments.
        """
        parameters = list(inspect.signature(component.__init__).parameters.values())[1:]
        hints = get_type_hints(component.__init__, include_extras=True)
        first = hints.get(parameters[0].name) if parameters else None
        sizes = next((kind for kind in SIZE_NAMES if first == kind), None)
        known = " or ".join(SIZE_NAMES.values())
        options = []
        for parameter in parameters[sizes is not None :]:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if parameter.kind is not parameter.KEYWORD_ONLY:
                raise TypeError(
                    f"argument {parameter.name!r} must be keyword-only; only a component's first "
                    f"parameter may be positional, and it must be annotated {known}"
                )
            if parameter.name in _RESERVED:
                raise TypeError(
                    f"argument {parameter.name!r} needs another name: recipes write "
                    f"{_RESERVED[parameter.name]} as `{parameter.name}`"
                )
            if parameter.name not in hints:
                raise TypeError(f"argument {parameter.name!r} has no type annotation")
            options.append(_option(parameter, hints[parameter.name]))
        return cls(sizes, tuple(_with_default_components(component, options)))


def sizes_for(wanted: Any, known: Sizes | None) -> list[Any]:
    """The positional arguments of a constructor.

    Args:
        wanted: the constructor's `Signature.sizes`.
        known: the sizes that are known when the component is built.

    Raises:
        ValueError: the wanted sizes do not follow from the known ones.
    """
    if wanted is None:
        return []
    if wanted is RequestedScene and isinstance(known, SceneSpec):
        return [known.requested]
    if wanted == ImageShape and isinstance(known, RequestedScene | SceneSpec):
        return [known.image_shape]
    if known is None or (wanted != ImageShape and not isinstance(known, wanted)):
        raise ValueError(f"the constructor takes {SIZE_NAMES[wanted]}, which is not known here")
    return [known]


def _option(parameter: inspect.Parameter, annotation: Any) -> Option:
    members = _members(annotation)
    interfaces = [m for m in members if isinstance(m, type) and issubclass(m, Component)]
    return Option(
        name=parameter.name,
        annotation=annotation,
        default=REQUIRED if parameter.default is parameter.empty else parameter.default,
        interface=interfaces[0] if interfaces else None,
        nullable=type(None) in members,
    )


def _with_default_components(component: type[object], options: list[Option]) -> list[Option]:
    """All options, with the default components that the class declares.

    Raises:
        TypeError: a default component has no matching option, or the option already has a default.
    """
    defaults = dict(component.default_components) if issubclass(component, Component) else {}
    found = []
    for option in options:
        kind = defaults.pop(option.name, None)
        if kind is not None:
            if option.interface is None or not issubclass(kind, option.interface):
                raise TypeError(f"argument {option.name!r} takes no {kind.__name__}")
            if option.default is not REQUIRED:
                raise TypeError(f"argument {option.name!r} has two defaults; keep the component")
            option = replace(option, default=kind)
        elif isinstance(option.default, type) and option.interface is not None:
            raise TypeError(
                f"the default of argument {option.name!r} is a class; write "
                f"default_components = {{{option.name!r}: {option.default.__name__}}} instead"
            )
        found.append(option)
    if defaults:
        raise TypeError(f"default_components has no such arguments: {', '.join(defaults)}")
    return found


def _members(annotation: Any) -> list[Any]:
    """The alternatives of a union, or the type itself if it is no union."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [member for part in get_args(annotation) for member in _members(part)]
    return [annotation]
