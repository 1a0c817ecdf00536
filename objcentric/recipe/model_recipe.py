"""The model section of a recipe."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from objcentric.component import Component
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.model.wired_model import WiredModel
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.signature import Signature


def model_interfaces() -> dict[str, type[Component]]:
    """The components of a model, as `WiredModel` takes them: interface by name."""
    options = Signature.of(WiredModel).options
    return {option.name: option.interface for option in options if option.interface is not None}


@dataclass(frozen=True)
class ModelRecipe:
    """Sizes and components of a model.

    Attributes:
        objects: the most objects a scene may be explained by.
        what_dim: size of an object's appearance code.
        glimpse: side of an object's patch, in pixels.
        components: by the name of their argument of `WiredModel`.
        objective: how the negative ELBO is put together.
    """

    objects: int
    what_dim: int
    glimpse: int
    components: Mapping[str, ComponentChoice]
    objective: ObjectiveOptions

    def walk(self) -> Iterator[ComponentChoice]:
        """All components, those inside of others included."""
        for choice in self.components.values():
            yield from choice.walk()

    def plain(self) -> dict[str, Any]:
        """The section as a recipe writes it."""
        return {
            "objects": self.objects,
            "what_dim": self.what_dim,
            "glimpse": self.glimpse,
            **{name: choice.plain() for name, choice in self.components.items()},
            "objective": self.objective.model_dump(mode="json"),
        }
