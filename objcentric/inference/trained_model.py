"""A trained scene model, for arrays of images (`TrainedModel`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from objcentric.errors import ObjcentricError
from objcentric.evaluation.evaluate import unit_images
from objcentric.images import Fit
from objcentric.inference.found import Found
from objcentric.inference.image_batch import image_batch
from objcentric.interfaces import SceneModel
from objcentric.randomness import own_noise
from objcentric.scene import ImageShape
from objcentric.training.guards import unchecked
from objcentric.waiting import advanced

BATCH = 64
"""Images per batch, which bounds memory."""


class TrainedModel:
    """A scene model with its trained weights.

        run = objcentric.load("runs/quickstart-seed0")
        found = run.model.infer(images)
        found.counts  # (N,)

    Args:
        scene_model: the model, on `device`.
        image_shape: `(C, H, W)` of the images that it takes.
        device: where it computes.
        name: name of its recipe.
    """

    def __init__(
        self, scene_model: SceneModel, image_shape: ImageShape, device: torch.device, name: str
    ) -> None:
        self.scene_model = scene_model.eval()
        self.image_shape = image_shape
        self.device = device
        self.name = name

    @property
    def decides_presence(self) -> bool:
        """Whether it decides which slots hold an object, so that its counts mean something."""
        return "presence" in self.scene_model.abilities

    def infer(self, images: Any, *, fit: Fit | None = None) -> Found:
        """What the model finds in images.

        Args:
            images: a NumPy array or a tensor, `(N, H, W)`, `(N, H, W, C)` or `(N, C, H, W)`: uint8
                with 255 for white, or float with 1.0 for white.
            fit: how to resize images of another size, and to turn grey into colour or colour into
                grey: `pad` adds black bars, `crop` cuts off what is too long, `stretch` distorts.
                None refuses them.

        Raises:
            ObjcentricError: the array does not hold images, or they have another size and `fit` is
                None.
        """
        batch = image_batch(images, self.image_shape, fit)
        parts = []
        with _gently():
            for start in range(0, len(batch), BATCH):
                parts.append(self._infer(batch[start : start + BATCH]))
                advanced(min(start + BATCH, len(batch)), len(batch))
        return Found.joined(parts)

    def sample(
        self, n: int = 16, *, objects: int | None = None, seed: int = 0
    ) -> Float[Tensor, "n C H W"]:
        """Canvases of `n` scenes from the model's prior, in [0, 1], on the CPU.

        Args:
            n: how many, at least 1.
            objects: number of objects in every scene; by default the prior decides, under which
                objects may be rare.
            seed: seed of the samples.

        Raises:
            ObjcentricError: the model cannot generate scenes, or not so many objects; or `n` is not
                positive.
        """
        if n < 1:
            raise ObjcentricError(f"n must be positive, got {n}")
        with _gently(), own_noise(seed, self.device):
            model = self.scene_model
            canvas = model.generate(n) if objects is None else model.generate_objects(n, objects)
        return canvas.clamp(0, 1).float().cpu()

    def __repr__(self) -> str:
        channels, height, width = self.image_shape
        kind = "grey" if channels == 1 else "colour"
        weights = sum(each.numel() for each in self.scene_model.parameters())
        abilities = ", ".join(sorted(self.scene_model.abilities)) or "masks only"
        return (
            f"<TrainedModel {self.name}: {type(self.scene_model).__name__} for {height}×{width} "
            f"{kind} images, {weights:,} weights on {self.device}; {abilities}>"
        )

    def _infer(self, batch: UInt8[Tensor, "B C H W"] | Float[Tensor, "B C H W"]) -> Found:
        if batch.dtype == torch.uint8:
            image = unit_images(batch, self.scene_model, self.device)
        else:
            image = batch.to(self.device, _dtype(self.scene_model))
        inference = self.scene_model.infer(image)
        return Found.of(image, inference, decides_presence=self.decides_presence)


def _dtype(model: SceneModel) -> torch.dtype:
    parameter = next(model.parameters(), None)
    return torch.get_default_dtype() if parameter is None else parameter.dtype


@contextmanager
def _gently() -> Iterator[None]:
    with torch.no_grad(), unchecked():
        yield
