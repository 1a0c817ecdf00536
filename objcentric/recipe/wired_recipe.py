"""The model section of a recipe that uses the default wiring (`WiredRecipe`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from objcentric.component import Component
from objcentric.interfaces import Glimpser, Scheduler
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.model.wired_model import WiredModel
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.model_recipe import ModelRecipe
from objcentric.recipe.signature import REQUIRED, Signature, Sizes
from objcentric.scene import ImageShape, RequestedScene, SceneSpec


@dataclass(frozen=True)
class WiredPlace:
    """A place for a component in the default wiring.

    Attributes:
        name: name of the argument of `WiredModel`.
        interface: the interface that the component must implement.
        nullable: whether a recipe may write null, for no component.
        required: whether a recipe must set this place.
    """

    name: str
    interface: type[Component]
    nullable: bool
    required: bool


def wired_places() -> list[WiredPlace]:
    """The places for components, as the constructor of `WiredModel` declares them."""
    return [
        WiredPlace(option.name, option.interface, option.nullable, option.default is REQUIRED)
        for option in Signature.of(WiredModel).options
        if option.interface is not None
    ]


def known_at(place: WiredPlace) -> tuple[Any, ...]:
    """The sizes that are known when the component of a place is built: `Signature.sizes`."""
    before = (ImageShape, RequestedScene)
    return before if place.interface is Glimpser else (*before, SceneSpec)


@dataclass(frozen=True)
class WiredRecipe(ModelRecipe):
    """Sizes and components of a `WiredModel`.

    Attributes:
        objects: the largest number of objects that may explain a scene.
        what_dim: size of an object's appearance code.
        glimpse: side of an object's patch, in pixels.
        components: components by argument of `WiredModel`; None for a place without one.
        objective: options of the objective, the negative ELBO.
    """

    objects: int
    what_dim: int
    glimpse: int
    components: Mapping[str, ComponentChoice | None]
    objective: ObjectiveOptions

    def build(self, image_shape: ImageShape, seed: int) -> WiredModel:
        """Builds the model, with initial weights from the seed.

        The glimpser is built first, then the scheduler. They determine the coordinates of `where`,
        the size of glimpses and the number of slots; all other components are built with these.
        """
        requested = RequestedScene(image_shape, self.objects, self.what_dim, self.glimpse)

        def built(name: str, sizes: Sizes) -> Any:
            choice = self.components[name]
            return None if choice is None else choice.build(sizes, seed)

        glimpser = cast(Glimpser, built("glimpser", requested))
        scene = requested.settled(glimpser.where, glimpser.glimpse_shape)
        scheduler = cast(Scheduler, built("scheduler", scene))
        scene = scene.with_slots(scheduler.slots)
        others: dict[str, Any] = {
            name: built(name, scene)
            for name in self.components
            if name not in ("glimpser", "scheduler")
        }
        return WiredModel(
            glimpser=glimpser, scheduler=scheduler, objective=self.objective, **others
        )

    def walk(self) -> Iterator[ComponentChoice]:
        for choice in self.components.values():
            if choice is not None:
                yield from choice.walk()

    def plain(self) -> dict[str, Any]:
        written = {n: None if c is None else c.plain() for n, c in self.components.items()}
        return {
            "objects": self.objects,
            "what_dim": self.what_dim,
            "glimpse": self.glimpse,
            **written,
            "objective": self.objective.model_dump(mode="json"),
        }
