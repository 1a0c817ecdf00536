"""A component of a plugin, before it is imported (`ComponentEntry`)."""

import pkgutil
import sys
from dataclasses import dataclass
from typing import Any

from objcentric.component import Component, interface_of, is_concrete, snake_case
from objcentric.registry.plugin_error import PluginError, describe_with_place
from objcentric.registry.strangers_code import strangers_code


@dataclass(frozen=True)
class ComponentEntry:
    """A component by name.

    Attributes:
        plugin: name of the plugin that brings it.
        origin: the plugin's distribution and version, or its file.
        target: the class, or `"module:Class"`.
    """

    plugin: str
    origin: str
    target: type[Component] | str

    @property
    def name(self) -> str:
        """The short name: the class name in snake case."""
        target = self.target
        return snake_case(target.rpartition(":")[2] if isinstance(target, str) else target.__name__)

    @property
    def canonical(self) -> str:
        """`plugin.component`, which never depends on what else is installed."""
        return f"{self.plugin}.{self.name}"

    def load(self) -> type[Component]:
        """Imports the class.

        Raises:
            PluginError: the class cannot be imported, or is not a component that can be built.
        """
        try:
            found = self._found()
            _check(found)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise PluginError(
                f"{self.canonical} from {self.origin} cannot be used: {describe_with_place(error)}"
            ) from error
        component: type[Component] = found
        return component

    def _found(self) -> Any:
        """The object that the target names; its module may be imported for this."""
        if not isinstance(self.target, str):
            return self.target
        if self.target.partition(":")[0] in sys.modules:
            return pkgutil.resolve_name(self.target)
        with strangers_code(self.plugin, self.origin):
            return pkgutil.resolve_name(self.target)

    def implements(self, interface: type[Component]) -> bool:
        """Whether the component implements `interface`; a broken component implements nothing."""
        try:
            return issubclass(self.load(), interface)
        except PluginError:
            return False


def _check(found: object) -> None:
    if not is_concrete(found):
        if isinstance(found, type) and issubclass(found, Component):
            missing = ", ".join(sorted(getattr(found, "__abstractmethods__", ())))
            raise TypeError(
                f"{found.__qualname__} is abstract: it lacks {missing or 'an interface'}"
            )
        raise TypeError(f"{found!r} is not a class that implements an interface of objcentric")
    assert isinstance(found, type)
    interface_of(found)
