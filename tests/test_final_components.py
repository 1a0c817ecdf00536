"""Components are abstract or final: what is shared is a function, a block or an abstract base."""

import inspect
from abc import abstractmethod

import pytest

from objcentric.component import Component, interface_of
from objcentric.interfaces import Compositor
from objcentric.registry import Registry
from objcentric.registry.component_entry import ComponentEntry
from objcentric_air.sum import Sum


def concrete_ancestors(component: type[Component]) -> list[type]:
    """The component's ancestors, its interface excepted, that could be built themselves."""
    between = component.__mro__[1 : component.__mro__.index(interface_of(component))]
    return [c for c in between if issubclass(c, Component) and not inspect.isabstract(c)]


@pytest.mark.parametrize("entry", Registry.discover().components(), ids=lambda e: e.canonical)
def test_no_component_inherits_from_one_that_can_be_built(entry: ComponentEntry) -> None:
    assert concrete_ancestors(entry.load()) == []


def test_a_component_that_does_is_found_and_an_abstract_base_is_not() -> None:
    class Louder(Sum): ...

    class Base(Compositor):
        @abstractmethod
        def loudness(self) -> float: ...

    class Loud(Base):
        forward = Sum.forward

        def loudness(self) -> float:
            return 1.0

    assert concrete_ancestors(Louder) == [Sum]
    assert concrete_ancestors(Loud) == []
