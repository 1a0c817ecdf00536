"""Resolves a name and options in a recipe into a component to build (`ComponentResolver`)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from objcentric.component import Component, snake_case
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.node import Entry, Node
from objcentric.recipe.problem import Mark, Problem
from objcentric.recipe.signature import REQUIRED, Option, Signature
from objcentric.recipe.validation import (
    Invalid,
    as_written,
    shown,
    unknown_key,
    validate,
    validate_default,
)
from objcentric.registry import ComponentEntry, PluginError, Registry

LearningRate: TypeAlias = Annotated[float, Field(gt=0)] | None


class ComponentResolver:
    """Looks up components, gives every option its value, and collects problems.

    Args:
        registry: where names are looked up; nothing else turns a name into code.
        problems: list to which problems are added.
    """

    def __init__(self, registry: Registry, problems: list[Problem]) -> None:
        self.registry = registry
        self.problems = problems

    def resolve(
        self,
        node: Node,
        path: str,
        interface: type[Component],
        default: type[Component] | None = None,
    ) -> ComponentChoice | None:
        """The component that a recipe writes as `name` or `{use: name, option: value}`.

        Args:
            node: what the recipe writes.
            path: path of the value in the recipe.
            interface: the interface that the component must implement.
            default: the component if the recipe writes only options.
        """
        use = node.at("use") if node.is_mapping else node
        entry = self._entry(node, use, path, interface, default)
        if entry is None:
            return None
        options = {key: value for key, value in node.entries.items() if key != "use"}
        in_model = path.partition(".")[0] == "model"  # only there is something to train
        given = options.pop("lr", None) if in_model else None
        rate = None
        if given is not None:
            rate = validate(given.node, LearningRate, f"{path}.lr", self.problems)
        choice = self.choose(entry, options, (use or node).mark, path)
        return None if choice is None or rate is Invalid else replace(choice, lr=rate)

    def choose(
        self, entry: ComponentEntry, given: Mapping[str, Entry], mark: Mark, path: str
    ) -> ComponentChoice | None:
        """The component of an entry, with the given options and defaults for all others.

        Args:
            entry: an entry of the registry, or of a class that no plugin brings.
            given: options by name.
            mark: where the recipe names the component.
            path: path of the value in the recipe.
        """
        component = entry.load()
        try:
            signature = Signature.of(component)
        except (TypeError, NameError) as error:
            self._report(mark, path, f"no recipe can use {entry.canonical}: {error}")
            return None
        known = [option.name for option in signature.options]
        for key, extra in given.items():
            if key not in known:
                self._report(extra.mark, f"{path}.{key}", unknown_key(key, known))
        options, written = {}, {}
        for option in signature.options:
            inside = f"{path}.{option.name}"
            value = self._value(option, given.get(option.name), mark, inside)
            if value is Invalid:
                continue
            options[option.name] = value
            written[option.name] = _written(value, option)
        if len(options) < len(known):
            return None
        return ComponentChoice(
            path, entry.canonical, component, signature.sizes, options, written, mark
        )

    def _entry(
        self,
        node: Node,
        use: Node | None,
        path: str,
        interface: type[Component],
        default: type[Component] | None,
    ) -> ComponentEntry | None:
        kind = snake_case(interface.__name__)
        mark = (use or node).mark
        try:
            if use is None and default is not None:
                return self.registry.entry_of(default)
            if use is not None and isinstance(use.value, str):
                return self.registry.find(interface, use.value)
        except PluginError as error:
            self._report(mark, path, str(error))
            return None
        expected = f"expected a {kind}, written `name` or `{{use: name, option: value}}`"
        self._report(mark, path, f"{expected}, got {shown(use or node)}")
        return None

    def _value(self, option: Option, given: Entry | None, mark: Mark, path: str) -> Any:
        """The value of an option (a `ComponentChoice` for a component), or `Invalid`."""
        if option.interface is not None:
            return self._nested(option, option.interface, given, mark, path)
        if given is not None:
            return validate(given.node, option.annotation, path, self.problems)
        if option.default is REQUIRED:
            self._report(mark, path, "missing, and it has no default")
            return Invalid
        try:
            return validate_default(option.default, option.annotation)
        except TypeError as error:
            self._report(mark, path, f"the component is broken: {error}")
            return Invalid

    def _nested(
        self,
        option: Option,
        interface: type[Component],
        given: Entry | None,
        mark: Mark,
        path: str,
    ) -> Any:
        if given is None and option.default is REQUIRED:
            self._report(mark, path, "missing, and it has no default")
            return Invalid
        value = given.node.value if given is not None else option.default
        if value is None and option.nullable:
            return None
        node = given.node if given is not None else Node(mark, {})
        default = None if option.default in (REQUIRED, None) else option.default
        return self.resolve(node, path, interface, default) or Invalid

    def _report(self, mark: Mark, path: str, message: str) -> None:
        self.problems.append(Problem(mark, path, message))


def _written(value: Any, option: Option) -> Any:
    if isinstance(value, ComponentChoice):
        return value.plain()
    return None if option.interface is not None else as_written(value, option.annotation)
