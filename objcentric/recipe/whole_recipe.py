"""The model section of a recipe that names a whole model (`WholeRecipe`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from objcentric.interfaces import SceneModel
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.model_recipe import ModelRecipe
from objcentric.scene import ImageShape


@dataclass(frozen=True)
class WholeRecipe(ModelRecipe):
    """A model that is one component: `model: {use: conv_vae, latent: 16}`.

    Attributes:
        choice: the component, which implements `SceneModel`.
    """

    choice: ComponentChoice

    def build(self, image_shape: ImageShape, seed: int) -> SceneModel:
        return cast(SceneModel, self.choice.build(image_shape, seed))

    def walk(self) -> Iterator[ComponentChoice]:
        return self.choice.walk()

    def plain(self) -> dict[str, Any]:
        return self.choice.plain()
