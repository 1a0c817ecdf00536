"""What a recipe says, and where it says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from objcentric.recipe.problem import Mark

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = Scalar | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True)
class Entry:
    """A value under its key.

    Attributes:
        mark: where the key is.
        node: the value.
        moot: it was said of the inside of a component that has since been replaced, and is to be
            forgotten where the replacement has no such place.
    """

    mark: Mark
    node: "Node"
    moot: bool = False


@dataclass(frozen=True)
class Node:
    """A value and where it is.

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
        """The value under some keys, if there is one."""
        node = self
        for key in path:
            if key not in node.entries:
                return None
            node = node.entries[key].node
        return node

    def with_value(self, path: tuple[str, ...], value: "Node") -> "Node":
        """The same, with another value under some keys that are there."""
        if not path:
            return value
        entry = self.entries[path[0]]
        changed = replace(entry, node=entry.node.with_value(path[1:], value))
        return Node(self.mark, {**self.entries, path[0]: changed})

    def plain(self) -> Plain:
        """The value without marks."""
        if isinstance(self.value, Mapping):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value
