"""One experiment."""

import io
from dataclasses import dataclass
from typing import Any, cast

from ruamel.yaml import YAML

from objcentric.interfaces import Glimpser, SceneSource, Scheduler
from objcentric.model.wired_model import WiredModel
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.model_recipe import ModelRecipe
from objcentric.recipe.options import TrackingOptions, TrainingOptions
from objcentric.scene import SceneSpec


@dataclass(frozen=True)
class Recipe:
    """One experiment, with everything in it said and checked.

    Attributes:
        name: of the experiment.
        description: in a line; empty if there is none.
        seed: of initial weights and of training.
        scenes: the data.
        model: sizes and components.
        training: how it is trained.
        tracking: where it is reported.
    """

    name: str
    description: str
    seed: int
    scenes: ComponentChoice
    model: ModelRecipe
    training: TrainingOptions
    tracking: TrackingOptions

    def build_source(self) -> SceneSource:
        """The source of the scenes.

        Raises:
            RecipeError: its constructor refuses the options.
        """
        return cast(SceneSource, self.scenes.build(None, self.seed))

    def build_model(self, image_shape: tuple[int, int, int]) -> WiredModel:
        """The model, with the initial weights that the seed gives.

        The glimpser comes first and the scheduler second: they say what `where` is, how large
        glimpses are and how many slots there are, which the others' sizes follow from.

        Args:
            image_shape: `(C, H, W)` of an image.

        Raises:
            RecipeError: a constructor refuses its options.
        """
        sizes = self.model
        scene = SceneSpec(image_shape, sizes.objects, sizes.what_dim, sizes.glimpse)
        choices = dict(sizes.components)
        glimpser = cast(Glimpser, choices.pop("glimpser").build(scene, self.seed))
        scene = scene.seen_through(glimpser.where, glimpser.glimpse_shape)
        scheduler = cast(Scheduler, choices.pop("scheduler").build(scene, self.seed))
        scene = scene.with_slots(scheduler.slots)
        others: dict[str, Any] = {
            name: choice.build(scene, self.seed) for name, choice in choices.items()
        }
        return WiredModel(
            glimpser=glimpser, scheduler=scheduler, objective=sizes.objective, **others
        )

    def to_yaml(self) -> str:
        """The recipe in full: canonical names, every option, nothing left to defaults."""
        yaml: Any = YAML(typ="safe", pure=True)
        yaml.default_flow_style = None  # a component's options go on one line where they fit
        yaml.sort_base_mapping_type_on_output = False
        yaml.allow_unicode = True
        yaml.width = 10_000  # a line is never broken: wrapped flow style is hard to read
        yaml.representer.ignore_aliases = lambda _: True
        text = io.StringIO()
        yaml.dump(self._plain(), text)
        return text.getvalue()

    def _plain(self) -> dict[str, Any]:
        described = {"description": self.description} if self.description else {}
        return {
            "name": self.name,
            **described,
            "seed": self.seed,
            "scenes": self.scenes.plain(),
            "model": self.model.plain(),
            "training": self.training.model_dump(mode="json"),
            "tracking": self.tracking.model_dump(mode="json"),
        }
