"""The base class of every replaceable part of a scene model (`Component`)."""

import inspect
import re
from abc import ABC
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class Component(ABC):  # noqa: B024 (its subclasses, the interfaces, are abstract)
    """A part that a recipe can name and replace.

    A component is an ordinary class with typed keyword-only constructor arguments. Its options in a
    recipe *are* those arguments. If the constructor has a first parameter `scene: SceneSpec`, the
    framework passes it the sizes of the scene, so that nobody has to repeat a number after a swap.
    A glimpser is built first and takes a `RequestedScene`. A whole scene model may take
    `tuple[int, int, int]` instead: the `(C, H, W)` of an image.

    Each abstract direct subclass of `Component` is an *interface* (`Glimpser`, `Scheduler`, …).

    Attributes:
        needs: capabilities that the rest of the model must offer, for example
            `{"ordered presence"}`. Checked when a recipe is loaded.
        offers: capabilities that this component brings.
        default_components: the default component of an argument, for recipes that name none. The
            argument itself has no default; code that calls the constructor passes a component:

                class Reinforce(GradientEstimator):
                    default_components = {"baseline": RecurrentBaseline}

                    def __init__(self, *, baseline: Baseline | None) -> None: ...
        capturable: whether a step through it can be captured as a CUDA graph. Such a component
            never waits for a value from the device and keeps no tensor on the host.
        vmappable: whether several copies can be stacked and trained at once by
            `torch.func.vmap(torch.func.grad(loss))`.
    """

    needs: ClassVar[frozenset[str]] = frozenset()
    offers: ClassVar[frozenset[str]] = frozenset()
    default_components: ClassVar[Mapping[str, "type[Component]"]] = MappingProxyType({})
    capturable: ClassVar[bool] = True
    vmappable: ClassVar[bool] = True


def interface_of(component: type[Component]) -> type[Component]:
    """The interface that a component implements.

    Raises:
        TypeError: `component` is `Component` itself, or implements more than one interface.
    """
    found = [cls for cls in component.__mro__ if Component in cls.__bases__]
    if len(found) != 1:
        names = ", ".join(cls.__name__ for cls in found) or "none"
        raise TypeError(
            f"{component.__qualname__} must implement exactly one interface, found: {names}"
        )
    return found[0]


def is_concrete(cls: object) -> bool:
    """Whether `cls` is a component that can be built: it has an interface and is not abstract."""
    return (
        isinstance(cls, type)
        and issubclass(cls, Component)
        and cls is not Component
        and Component not in cls.__bases__
        and not inspect.isabstract(cls)
    )


def snake_case(name: str) -> str:
    """`SpatialTransformer` → `spatial_transformer`, `MLPEncoder` → `mlp_encoder`."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
