"""`Subject`, a component that is being checked and can be built repeatedly."""

import copy
import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from objcentric.component import Component, interface_of, snake_case
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.component_resolver import ComponentResolver
from objcentric.recipe.node import Node
from objcentric.recipe.problem import Mark, Problem
from objcentric.recipe.reading import read_text
from objcentric.recipe.signature import REQUIRED, Option, Signature, sizes_for
from objcentric.recipe.validation import unknown_key, validate
from objcentric.registry import Registry
from objcentric.scene import RequestedScene, SceneSpec
from objcentric.testing.errors import CheckSkipped, OptionError
from objcentric.testing.exercise import Exercise
from objcentric.testing.partners.window import Window

if TYPE_CHECKING:
    from objcentric.testing.catalogue import Catalogue

MARK = Mark("options")
SMALL_SCENE = RequestedScene((1, 20, 20), objects=3, what_dim=4, glimpse=8).settled(
    Window.where_spec
)
"""Small sizes, as different from each other as possible."""


class Subject:
    """A component that is being checked.

    Args:
        component: a class, which is built anew for every check, or an object, which is copied.
        options: constructor arguments as in a recipe. A component inside the component is given by
            name or as an object; the kit supplies a required one that is not given.
        scene: sizes for which the component is built; by default the kit's small ones.
        registry: where components inside the component are looked up by name.
        label: name in results.

    Attributes:
        kept_seed: whether the constructor left torch's global seed alone when it was last called.
    """

    def __init__(
        self,
        component: Component | type[Component],
        *,
        options: Mapping[str, Any] | None = None,
        scene: SceneSpec | None = None,
        registry: Registry | None = None,
        label: str | None = None,
    ) -> None:
        self.instance = component if isinstance(component, Component) else None
        self.kind = component if isinstance(component, type) else type(component)
        self.interface = interface_of(self.kind)
        self.label = label or snake_case(self.kind.__name__)
        self.scene = scene or SMALL_SCENE
        self.registry = registry or Registry.discover()
        self.given = dict(options or {})
        self.kept_seed = True

    @cached_property
    def catalogue(self) -> "Catalogue":
        """The kits of all interfaces."""
        from objcentric.testing.catalogue import Catalogue  # which is made of checks of subjects

        return Catalogue(self.registry)

    @property
    def exercise(self) -> Exercise:
        """How components of this interface are used."""
        exercise = self.catalogue.kit_of(self.interface).exercise
        assert exercise is not None, f"nobody says how a {self.interface.__name__} is used"
        return exercise

    @cached_property
    def signature(self) -> Signature:
        """The parameters of the constructor.

        Raises:
            TypeError: a recipe could not call the constructor.
        """
        return Signature.of(self.kind)

    @cached_property
    def options(self) -> dict[str, Any]:
        """Constructor arguments, except those left at their defaults.

        Raises:
            OptionError: an option is unknown, not valid, or required but missing.
        """
        known = {option.name: option for option in self.signature.options}
        unknown = self.given.keys() - known.keys()
        problems = [Problem(MARK, name, unknown_key(name, known)) for name in sorted(unknown)]
        found = {name: self._read(option, problems) for name, option in known.items()}
        if problems:
            raise OptionError("\n".join(f"{self.label}: {problem}" for problem in problems))
        return {name: value for name, value in found.items() if value is not REQUIRED}

    def build(self, scene: SceneSpec | None = None, seed: int = 0) -> Any:
        """Builds the component anew, with the initial weights of a seed.

        Raises:
            CheckSkipped: an object was given, which cannot be built for other sizes.
        """
        scene = scene or self.scene
        if self.instance is not None:
            if scene != self.scene:
                raise CheckSkipped("an object was given, whose sizes cannot be changed")
            return copy.deepcopy(self.instance)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            options = {k: _built(v, scene, seed) for k, v in self.options.items()}
            built = self.kind(*sizes_for(self.signature.sizes, scene), **options)
            self.kept_seed = torch.initial_seed() == seed
            return built

    def _read(self, option: Option, problems: list[Problem]) -> Any:
        """The value of an option; `REQUIRED` if the constructor's default is to be used."""
        name, interface = option.name, option.interface
        if name not in self.given:
            if option.default is not REQUIRED:
                return option.default if isinstance(option.default, type) else REQUIRED
            partner = self.catalogue.kit_of(interface).partner if interface else None
            if partner is None:
                raise OptionError(
                    f"{self.label} has an option without a default, {name!r}, which the checks "
                    f"cannot guess: give {name}=VALUE, or options={{{name!r}: VALUE}} in Python"
                )
            return partner
        value = self.given[name]
        if isinstance(value, Component) or (isinstance(value, type) and interface is not None):
            return value
        if value is None and interface is not None and option.nullable:
            return None
        node = as_node(value, name, problems)
        if interface is None:
            return validate(node, option.annotation, name, problems)
        return ComponentResolver(self.registry, problems).resolve(node, name, interface)


def as_node(value: Any, path: str, problems: list[Problem]) -> Node:
    """A plain value as a node of a recipe. JSON is valid YAML."""
    return read_text(json.dumps(value), MARK, problems, path)


def _built(value: Any, scene: SceneSpec, seed: int) -> Any:
    """Builds a component that is given as a choice or a class; copies everything else."""
    if isinstance(value, ComponentChoice):
        return value.build(scene, seed)
    if isinstance(value, type) and issubclass(value, Component):
        signature = Signature.of(value)
        inside = {o.name: o.default for o in signature.options if isinstance(o.default, type)}
        options = {name: _built(kind, scene, seed) for name, kind in inside.items()}
        return value(*sizes_for(signature.sizes, scene), **options)
    return copy.deepcopy(value)
