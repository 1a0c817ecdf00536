"""Resolves the values in a recipe file into a `Recipe` (`Resolver`)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from objcentric.component import Component
from objcentric.interfaces import SceneModel, SceneSource
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.recipe.capabilities import unmet_needs
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.component_resolver import ComponentResolver
from objcentric.recipe.evaluation_resolver import EvaluationResolver
from objcentric.recipe.model_recipe import ModelRecipe
from objcentric.recipe.node import Node
from objcentric.recipe.options import TrainingOptions
from objcentric.recipe.problem import Problem
from objcentric.recipe.recipe import Recipe
from objcentric.recipe.recipe_name import RecipeName
from objcentric.recipe.signature import REQUIRED, SIZE_NAMES
from objcentric.recipe.validation import Invalid, refuse_unknown, shown, validate
from objcentric.recipe.whole_recipe import WholeRecipe
from objcentric.recipe.wired_recipe import WiredPlace, WiredRecipe, known_at, wired_places
from objcentric.registry import PluginError, Registry
from objcentric.registry.recipe_sections import OWN_SECTIONS
from objcentric.scene import ImageShape

LARGEST_SEED = 2**63 - 1
"""The largest seed that all random generators take."""

LARGEST_SIZE = 100_000
"""Objects, numbers of a code and pixels of a glimpse beyond this fit no machine."""

_SIZES = ("objects", "what_dim", "glimpse")


_Size = Annotated[int, Field(gt=0, le=LARGEST_SIZE)]


class Resolver:
    """Reads the sections of a recipe.

    Args:
        registry: where components are looked up.
        problems: list to which problems are added.
    """

    def __init__(self, registry: Registry, problems: list[Problem]) -> None:
        self.registry = registry
        self.problems = problems
        self.components = ComponentResolver(registry, problems)

    def recipe(self, root: Node) -> Recipe | None:
        """The recipe, or None if there are problems."""
        added = self.registry.recipe_sections()
        refuse_unknown(root, "", (*OWN_SECTIONS, *added), self.problems)
        name = self._value(root, "name", RecipeName)
        description = self._value(root, "description", str, "")
        seed = self._value(root, "seed", Annotated[int, Field(ge=0, le=LARGEST_SEED)], 0)
        scenes = self._sized(self._component(root, "scenes", SceneSource))
        model = self._model(root)
        if model is not None:
            self.problems += unmet_needs(model, self.registry)
        training = self._value(root, "training", TrainingOptions, TrainingOptions())
        evaluation = EvaluationResolver(self.components).resolve(root)
        sections = self._sections(root, added)
        if self.problems or scenes is None or model is None:
            return None
        return Recipe(name, description, seed, scenes, model, training, evaluation, sections)

    def _sections(
        self, root: Node, added: Mapping[str, type[BaseModel] | PluginError]
    ) -> dict[str, Any]:
        """Options of the plugins' sections, or `Invalid`; absent sections get their defaults."""
        found = {}
        for name, options in added.items():
            node = root.at(name)
            if isinstance(options, PluginError):  # a mistake only if the recipe uses the section
                if node is not None:
                    self.problems.append(Problem(root.entries[name].mark, name, str(options)))
                continue
            if node is not None and options.model_config.get("extra") is None:
                refuse_unknown(node, name, options.model_fields, self.problems)
            found[name] = self._value(root, name, options, options())
        return found

    def _model(self, root: Node) -> ModelRecipe | None:
        entry = root.entries.get("model")
        if entry is None:
            self.problems.append(Problem(root.mark, "model", "missing"))
            return None
        node = entry.node
        if isinstance(node.value, str) or "use" in node.entries:
            choice = self._sized(self.components.resolve(node, "model", SceneModel), ImageShape)
            return None if choice is None else WholeRecipe(choice)
        if not node.is_mapping:
            message = f"expected a scene model, or sizes and components, got {shown(node)}"
            self.problems.append(Problem(node.mark, "model", message))
            return None
        return self._wired_model(node)

    def _wired_model(self, node: Node) -> WiredRecipe | None:
        places = wired_places()
        names = [place.name for place in places]
        refuse_unknown(node, "model", ("use", *_SIZES, *names, "objective"), self.problems)
        sizes = {size: self._value(node, size, _Size, path="model.") for size in _SIZES}
        found = {place.name: self._placed(node, place) for place in places}
        objective = self._value(
            node, "objective", ObjectiveOptions, ObjectiveOptions(), path="model."
        )
        if Invalid in (*sizes.values(), *found.values(), objective):
            return None
        return WiredRecipe(components=found, objective=objective, **sizes)

    def _placed(self, node: Node, place: WiredPlace) -> Any:
        """The component at a place of the default wiring; None if there is none, or `Invalid`."""
        given = node.at(place.name)
        if given is None and not place.required:
            return None
        if given is not None and given.value is None and place.nullable:
            return None
        choice = self._component(node, place.name, place.interface, "model.")
        return self._sized(choice, *known_at(place)) or Invalid

    def _sized(self, choice: ComponentChoice | None, *known: Any) -> ComponentChoice | None:
        """Returns `choice`; reports components whose sizes are not yet known at their place."""
        for inner in choice.walk() if choice is not None else ():
            if inner.sizes is not None and inner.sizes not in known:
                message = (
                    f"{inner.canonical} takes sizes ({SIZE_NAMES[inner.sizes]}) that are not known "
                    "here: they come from the default wiring, later or not at all"
                )
                self.problems.append(Problem(inner.mark, inner.path, message))
        return choice

    def _component(
        self, node: Node, key: str, interface: type[Component], path: str = ""
    ) -> ComponentChoice | None:
        if key not in node.entries:
            names = ", ".join(entry.canonical for entry in self.registry.components(interface))
            message = f"missing; components to choose from: {names or 'none'}"
            self.problems.append(Problem(node.mark, f"{path}{key}", message))
            return None
        return self.components.resolve(node.entries[key].node, f"{path}{key}", interface)

    def _value(
        self, node: Node, key: str, annotation: Any, default: Any = REQUIRED, path: str = ""
    ) -> Any:
        if key in node.entries:
            return validate(node.entries[key].node, annotation, f"{path}{key}", self.problems)
        if default is REQUIRED:
            self.problems.append(Problem(node.mark, f"{path}{key}", "missing"))
            return Invalid
        return default
