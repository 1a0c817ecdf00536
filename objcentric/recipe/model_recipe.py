"""The model section of a recipe, for every kind of model (`ModelRecipe`)."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from objcentric.interfaces import SceneModel
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.scene import ImageShape


class ModelRecipe(ABC):
    """A model that can be built: the default wiring, or a plugin's whole model."""

    @abstractmethod
    def build(self, image_shape: ImageShape, seed: int) -> SceneModel:
        """Builds the model, with initial weights from the seed.

        Args:
            image_shape: `(C, H, W)` of an image.
            seed: the recipe's seed.

        Raises:
            RecipeError: a constructor refuses its options.
        """

    @abstractmethod
    def walk(self) -> Iterator[ComponentChoice]:
        """All components, including those inside other components."""

    @abstractmethod
    def plain(self) -> dict[str, Any]:
        """The section as a recipe writes it."""

    @property
    def rates(self) -> dict[str, float]:
        """Learning rates by component path in the model, for example `estimator.baseline`.

        The path of a whole model is empty.
        """
        return {
            choice.path.removeprefix("model").removeprefix("."): choice.lr
            for choice in self.walk()
            if choice.lr is not None
        }
