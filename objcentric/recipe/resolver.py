"""From what a recipe says to what it means."""

from typing import Annotated, Any

from pydantic import Field, PositiveInt

from objcentric.component import Component
from objcentric.interfaces import SceneSource
from objcentric.objective import ObjectiveOptions
from objcentric.recipe.capabilities import unmet_needs
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.component_resolver import ComponentResolver
from objcentric.recipe.model_recipe import ModelRecipe, model_interfaces
from objcentric.recipe.node import Node
from objcentric.recipe.options import TrackingOptions, TrainingOptions
from objcentric.recipe.problem import Problem
from objcentric.recipe.recipe import Recipe
from objcentric.recipe.recipe_name import RecipeName
from objcentric.recipe.signature import REQUIRED
from objcentric.recipe.validation import Invalid, shown, unknown_key, validate
from objcentric.registry import Registry

_SECTIONS = ("name", "description", "seed", "scenes", "model", "training", "tracking")
_SIZES = ("objects", "what_dim", "glimpse")


class Resolver:
    """Reads the sections of a recipe.

    Args:
        registry: where components are looked up.
        problems: grows by what is wrong.
    """

    def __init__(self, registry: Registry, problems: list[Problem]) -> None:
        self.registry = registry
        self.problems = problems
        self.components = ComponentResolver(registry, problems)

    def recipe(self, root: Node) -> Recipe | None:
        """The recipe, or None if there are problems."""
        self._refuse_unknown(root, "", _SECTIONS)
        name = self._value(root, "name", RecipeName)
        description = self._value(root, "description", str, "")
        seed = self._value(root, "seed", Annotated[int, Field(ge=0)], 0)
        scenes = self._component(root, "scenes", SceneSource)
        model = self._model(root)
        if model is not None:
            self.problems += unmet_needs(model, self.registry)
            root = self._check_rates(root, model)
        training = self._value(root, "training", TrainingOptions, TrainingOptions())
        tracking = self._value(root, "tracking", TrackingOptions, TrackingOptions())
        if self.problems or scenes is None or model is None:
            return None
        return Recipe(name, description, seed, scenes, model, training, tracking)

    def _model(self, root: Node) -> ModelRecipe | None:
        entry = root.entries.get("model")
        if entry is None:
            self.problems.append(Problem(root.mark, "model", "missing"))
            return None
        node = entry.node
        if not node.is_mapping:
            message = f"expected sizes and components, got {shown(node)}"
            self.problems.append(Problem(node.mark, "model", message))
            return None
        interfaces = model_interfaces()
        self._refuse_unknown(node, "model", (*_SIZES, *interfaces, "objective"))
        sizes = {size: self._value(node, size, PositiveInt, path="model.") for size in _SIZES}
        found = {k: self._component(node, k, cls, "model.") for k, cls in interfaces.items()}
        objective = self._value(
            node, "objective", ObjectiveOptions, ObjectiveOptions(), path="model."
        )
        components = {k: choice for k, choice in found.items() if choice is not None}
        if len(components) < len(found) or Invalid in (*sizes.values(), objective):
            return None
        return ModelRecipe(components=components, objective=objective, **sizes)

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

    def _refuse_unknown(self, node: Node, path: str, known: tuple[str, ...]) -> None:
        for key, entry in node.entries.items():
            if key not in known:
                inside = f"{path}.{key}" if path else key
                self.problems.append(Problem(entry.mark, inside, unknown_key(key, known)))

    def _check_rates(self, root: Node, model: ModelRecipe) -> Node:
        """Refuses learning rates of components that are not there; forgets moot ones."""
        rates = root.at("training", "lr_of")
        if rates is None or not rates.is_mapping:
            return root
        known = [choice.path.removeprefix("model.") for choice in model.walk()]
        kept = {}
        for key, entry in rates.entries.items():
            if key in known:
                kept[key] = entry
            elif not entry.moot:
                message = unknown_key(key, known)
                self.problems.append(Problem(entry.mark, f"training.lr_of.{key}", message))
        return root.with_value(("training", "lr_of"), Node(rates.mark, kept))
