"""The calls of a model's components, watched from outside (`watch_calls`, `declared_tensors`).

A model calls its components and does not look at what it gets. Whoever wants to look, once per run
or after a failure, puts a watch on them. Without a watch, a call costs nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from inspect import Signature, isfunction, signature
from types import MethodType, NoneType, UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from torch import Tensor, nn
from torch.distributions import Distribution

from objcentric.component import Component, interface_of


@dataclass(frozen=True)
class Call:
    """A call of a component's method that has returned.

    Attributes:
        component: the component.
        method: the method's name.
        hints: the interface's annotations, by parameter; `return` for what is returned.
        arguments: the arguments, by parameter.
        returned: what the method returned.
    """

    component: Component
    method: str
    hints: Mapping[str, Any]
    arguments: Mapping[str, Any]
    returned: Any


@dataclass(frozen=True)
class Declared:
    """A tensor, with what the interface declares of it.

    Attributes:
        path: where it is found in what was returned, such as `where.sample`; may be empty.
        dimensions: the names of its dimensions, such as `B K D`.
        dtypes: names of the dtypes that are allowed; empty if any is.
        shape: the shape that it has.
        tensor: the tensor; None for a distribution, of which only the shape is declared.
        distribution: the distribution; None for a tensor.
    """

    path: str
    dimensions: str
    dtypes: tuple[str, ...]
    shape: tuple[int, ...]
    tensor: Tensor | None = None
    distribution: Distribution | None = None


Watch: TypeAlias = Callable[[Call], None]


def watch_calls(model: nn.Module, watch: Watch, *, once: bool = False) -> None:
    """Calls `watch` after every call of a method that an interface declares.

    Args:
        model: its components are watched, and the model itself if it is one.
        watch: looks at a call. What it raises comes out of the component's call.
        once: whether each method is watched the first time only.
    """
    for part in model.modules():
        if isinstance(part, Component):
            for name, (hints, parameters) in _methods(interface_of(type(part))).items():
                vars(part)[name] = MethodType(_watched(name, hints, parameters, watch, once), part)


def unwatch_calls(model: nn.Module) -> None:
    """Takes all watches away."""
    for part in model.modules():
        if isinstance(part, Component):
            for name in _methods(interface_of(type(part))):
                vars(part).pop(name, None)


def _watched(
    name: str, hints: Mapping[str, Any], parameters: Signature, watch: Watch, once: bool
) -> Callable[..., Any]:
    def watched(self: Component, *args: Any, **kwargs: Any) -> Any:
        if once:
            vars(self).pop(name, None)
        returned = getattr(type(self), name)(self, *args, **kwargs)
        arguments = parameters.bind(self, *args, **kwargs).arguments
        watch(Call(self, name, hints, arguments, returned))
        return returned

    return watched


@cache
def _methods(interface: type[Component]) -> dict[str, tuple[dict[str, Any], Signature]]:
    """The public methods of an interface that declare what they return: hints and signatures."""
    found = {}
    for name, function in vars(interface).items():
        if not isfunction(function) or name.startswith("_"):
            continue
        try:
            hints = get_type_hints(function, include_extras=True)
        except NameError:  # an annotation that only type checkers resolve
            continue
        if hints.get("return", NoneType) is not NoneType:
            found[name] = (hints, signature(function))
    return found


def declared_tensors(hint: Any, value: Any, path: str = "") -> Iterator[Declared]:
    """The tensors of a value of which an annotation declares something.

    Annotations of fields count, too. `Annotated[Distribution, "B K D"]` declares batch and event
    shape together.
    """
    origin = get_origin(hint)
    if value is None or hint is Any:
        return
    if origin is Annotated:
        inner, dimensions = get_args(hint)[:2]
        if isinstance(value, Distribution) and isinstance(dimensions, str):
            shape = tuple(value.batch_shape + value.event_shape)
            yield Declared(path, dimensions, (), shape, distribution=value)
        else:
            yield from declared_tensors(inner, value, path)
    elif origin in (Union, UnionType):
        for part in get_args(hint):
            if isinstance(value, Tensor) == hasattr(part, "dim_str"):
                yield from declared_tensors(part, value, path)
    elif hasattr(hint, "dim_str"):
        if isinstance(value, Tensor):
            dtypes = tuple(hint.dtypes) if isinstance(hint.dtypes, (list, tuple)) else ()
            yield Declared(path, hint.dim_str, dtypes, tuple(value.shape), value)
    elif isinstance(value, Mapping):
        inside = get_args(hint)
        for name, item in value.items() if len(inside) == 2 else ():
            yield from declared_tensors(inside[1], item, _joined(path, str(name)))
    elif is_dataclass(value) and not isinstance(value, type):
        for name, inner in _fields(type(value)).items():
            yield from declared_tensors(inner, vars(value).get(name), _joined(path, name))


@cache
def _fields(kind: type) -> dict[str, Any]:
    try:
        return get_type_hints(kind, include_extras=True)
    except NameError:
        return {}


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
