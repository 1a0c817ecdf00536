"""Parsed values of a recipe, with their lines and columns (`Node`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from objcentric.recipe.problem import Mark

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = Scalar | list[Any] | dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A value under its key.

    Attributes:
        mark: where the key is.
        node: the value.
    """

    mark: Mark
    node: "Node"


@dataclass(frozen=True)
class Node:
    """A value and its position.

    Attributes:
        mark: where the value starts.
        value: a scalar, a list of nodes, or entries by key.
    """

    mark: Mark
    value: Scalar | tuple["Node", ...] | Mapping[str, Entry]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The entries of a mapping; a scalar or a list has none."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.value, Mapping)

    def at(self, *path: str) -> "Node | None":
        """The value under a path of keys; None if there is none."""
        node = self
        for key in path:
            if key not in node.entries:
                return None
            node = node.entries[key].node
        return node

    def plain(self) -> Plain:
        """The value without marks."""
        if isinstance(self.value, Mapping):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value
