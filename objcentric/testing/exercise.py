"""`Exercise`, which says how the components of an interface are used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from objcentric.scene import SceneSpec
from objcentric.testing.inputs import Draw, ordinary

BATCH = 4
ASSIGNMENTS = 2
"""Number of presence codes or canvases per call."""
IMAGE, CANVAS, SLOT = "B C H W", "S B C H W", "B K C H W"
"""Dimensions that occur in several interfaces."""


def as_given(scene: SceneSpec, component: Any) -> SceneSpec:
    """The scene as it is given: the component does not change its sizes."""
    return scene


@dataclass(frozen=True)
class Exercise:
    """How the components of an interface are used: inputs, outputs, and how to call them.

    Dimensions are named as in the interfaces' annotations: B images, S assignments, K slots; C, H,
    W of an image; c, h, w of a glimpse; P the side of a patch; D and A the sizes of where and what.
    Any other dimension of an output may have any size, which must be the same in all outputs.

    Attributes:
        takes: dimensions of the inputs, by name.
        gives: dimensions of the outputs, by name; a component may leave some out.
        use: calls the component with inputs, and names its outputs.
        has_chance: whether outputs are sampled, so that permuted images get other noise.
        settle: the sizes of a model with the component in it, as a recipe settles them.
    """

    takes: Mapping[str, str]
    gives: Mapping[str, str]
    use: Callable[[Any, SceneSpec, Mapping[str, Tensor]], dict[str, Tensor]]
    has_chance: bool = False
    settle: Callable[[SceneSpec, Any], SceneSpec] = as_given

    @property
    def has_batch(self) -> bool:
        """Whether there is a batch dimension."""
        return any("B" in dimensions.split() for dimensions in self.takes.values())

    def inputs(
        self,
        component: Any,
        scene: SceneSpec,
        *,
        batch: int = BATCH,
        dtype: torch.dtype = torch.float32,
        draw: Draw = ordinary,
        seed: int = 0,
    ) -> dict[str, Tensor]:
        """Inputs that require gradients; a seed gives the same inputs in any precision."""
        scene = self.settle(scene, component)
        sizes = _sizes(scene, batch)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            values = {
                name: draw(name, tuple(sizes[d] for d in dimensions.split()), scene)
                for name, dimensions in self.takes.items()
            }
        return {name: value.to(dtype).requires_grad_() for name, value in values.items()}

    def run(
        self, component: Any, scene: SceneSpec, inputs: Mapping[str, Tensor], seed: int = 0
    ) -> dict[str, Tensor]:
        """The component's outputs for inputs and a seed."""
        torch.manual_seed(seed)
        return self.use(component, self.settle(scene, component), inputs)

    def shapes(
        self, component: Any, scene: SceneSpec, batch: int, outputs: Mapping[str, Tensor]
    ) -> dict[str, tuple[int | str, ...]]:
        """The shapes that outputs should have; an unknown size is given by its name."""
        sizes: dict[str, int | str] = {**_sizes(self.settle(scene, component), batch)}
        for name, value in outputs.items():
            for dimension, size in zip(self.gives[name].split(), value.shape, strict=False):
                sizes.setdefault(dimension, int(dimension) if dimension.isdigit() else size)
        return {name: tuple(sizes.get(d, d) for d in self.gives[name].split()) for name in outputs}


def with_slots(scene: SceneSpec, slots: int) -> SceneSpec:
    """The same scene with another number of objects, and of slots."""
    return replace(scene, objects=slots, slots=slots)


def with_image(scene: SceneSpec, image_shape: tuple[int, int, int]) -> SceneSpec:
    """The same scene with images of another shape, and glimpses that follow."""
    requested = replace(scene.requested, image_shape=image_shape)
    return requested.settled(scene.where)


def _sizes(scene: SceneSpec, batch: int) -> dict[str, int]:
    c, h, w = scene.glimpse_shape
    channels, height, width = scene.image_shape
    image = {"C": channels, "H": height, "W": width}
    glimpse = {"c": c, "h": h, "w": w, "P": scene.glimpse}
    objects = {"K": scene.slots, "D": scene.where_dim, "A": scene.what_dim}
    return {"B": batch, "S": ASSIGNMENTS, "1": 1, **image, **glimpse, **objects}
