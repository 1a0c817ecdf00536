"""The model section of a recipe: what every kind of model has."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from objcentric.interfaces import SceneModel
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.scene import ImageShape


class ModelRecipe(ABC):
    """A model that can be built: the default wiring, or a whole model of a plugin."""

    @abstractmethod
    def build(self, image_shape: ImageShape, seed: int) -> SceneModel:
        """The model, with the initial weights that the seed gives.

        Args:
            image_shape: `(C, H, W)` of an image.
            seed: the recipe's.

        Raises:
            RecipeError: a constructor refuses its options.
        """

    @abstractmethod
    def walk(self) -> Iterator[ComponentChoice]:
        """All components, those inside of others included."""

    @abstractmethod
    def plain(self) -> dict[str, Any]:
        """The section as a recipe writes it."""

    @property
    def rates(self) -> dict[str, float]:
        """Learning rates by the component's path in the model: `estimator.baseline`; a whole
        model's own path is empty."""
        return {
            choice.path.removeprefix("model").removeprefix("."): choice.lr
            for choice in self.walk()
            if choice.lr is not None
        }
