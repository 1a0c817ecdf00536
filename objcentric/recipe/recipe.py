"""A resolved recipe: one experiment (`Recipe`)."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel
from ruamel.yaml import YAML

from objcentric.interfaces import SceneModel, SceneSource
from objcentric.memory import limited_memory, machine_memory
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.evaluation_recipe import EvaluationRecipe
from objcentric.recipe.model_recipe import ModelRecipe
from objcentric.recipe.options import TrainingOptions
from objcentric.scene import ImageShape


@dataclass(frozen=True)
class Recipe:
    """One experiment, completely specified and checked.

    Attributes:
        name: name of the experiment.
        description: one line; empty if there is none.
        seed: seed of the initial weights and of the training.
        scenes: the source of the scenes.
        model: the default wiring with its sizes and components, or a whole model.
        training: how the model is trained.
        evaluation: the metrics and the goal.
        sections: options of the sections that plugins add, by section name.
    """

    name: str
    description: str
    seed: int
    scenes: ComponentChoice
    model: ModelRecipe
    training: TrainingOptions
    evaluation: EvaluationRecipe
    sections: Mapping[str, BaseModel]

    def build_source(self) -> SceneSource:
        """Builds the source of the scenes.

        Raises:
            RecipeError: its constructor refuses the options.
        """
        return cast(SceneSource, self.scenes.build(None, self.seed))

    def build_model(self, image_shape: ImageShape) -> SceneModel:
        """Builds the model, with initial weights from the recipe's seed.

        Args:
            image_shape: `(C, H, W)` of an image.

        Raises:
            RecipeError: a constructor refuses its options, or asks for too much memory.
            BrokenComponent: a constructor has a bug.
        """
        # Gradients and Adam's moments take three times as much as the weights.
        with limited_memory(machine_memory() / 4):
            return self.model.build(image_shape, self.seed)

    def to_yaml(self) -> str:
        """The recipe in full as YAML, with canonical names and the value of every option."""
        yaml: Any = YAML(typ="safe", pure=True)
        yaml.default_flow_style = None  # a component's options go on one line if they fit
        yaml.sort_base_mapping_type_on_output = False
        yaml.allow_unicode = True
        yaml.width = 10_000  # never wrap a line: wrapped flow style is hard to read
        yaml.representer.ignore_aliases = lambda _: True
        text = io.StringIO()
        yaml.dump(self.plain(), text)
        return text.getvalue()

    def plain(self) -> dict[str, Any]:
        """The recipe in full as nested plain values, in the order of `to_yaml`."""
        described = {"description": self.description} if self.description else {}
        return {
            "name": self.name,
            **described,
            "seed": self.seed,
            "scenes": self.scenes.plain(),
            "model": self.model.plain(),
            "training": self.training.model_dump(mode="json"),
            "evaluation": self.evaluation.plain(),
            **{name: o.model_dump(mode="json") for name, o in self.sections.items()},
        }
