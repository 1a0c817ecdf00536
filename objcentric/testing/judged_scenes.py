"""Scenes with complete truth and a model's inference, for checks of metrics (`JudgedScenes`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Ability, Judged, Metric, Truth, TruthName
from objcentric.testing.partners.rectangles import Rectangles

SCENES = 8
MOST = 3
"""Largest number of objects in a scene: one more than the model has slots."""
TENSORS = ("counts", "boxes", "labels", "segmentation")
"""All names of truth except attributes."""


class Still(Rectangles):
    """A model that draws the same samples for an image each time, so that batches can be split."""

    def log_weights(self, image: Float[Tensor, "B C H W"], n: int) -> Float[Tensor, "n B"]:
        return _one_by_one(image, lambda one: super(Still, self).log_weights(one, n), 1)

    def log_likelihood(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        return _one_by_one(image, super().log_likelihood, 0)


@dataclass(frozen=True)
class JudgedScenes:
    """Scenes of 0 to 3 objects, including the model's two rectangles, and the model's inference.

    Attributes:
        model: the model to judge.
        image: intensities in [0, 1].
        truth: complete truth.
    """

    model: Rectangles
    image: Float[Tensor, "B C H W"]
    truth: Truth

    @classmethod
    def make(cls, image_shape: tuple[int, int, int], most: int = MOST) -> "JudgedScenes":
        """Scenes of up to `most` objects."""
        chance = torch.Generator().manual_seed(0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            model = Still(image_shape).eval()
        with torch.no_grad():  # it finds what is brighter than a quarter
            model.reading.weight.copy_(torch.tensor([[20.0], [1.0]]))
            model.reading.bias.copy_(torch.tensor([-5.0, 0.0]))
        _, height, width = image_shape
        small = torch.tensor([[0.0, 0.0, width / 4, height / 4]])
        places = torch.cat([model.edges, small])
        counts = torch.arange(SCENES) % (most + 1)
        exists = torch.arange(MOST) < rearrange(counts, "n -> n 1")
        shades = (0.3 + 0.7 * torch.rand(SCENES, MOST, generator=chance)) * exists
        segmentation = torch.zeros(SCENES, height, width, dtype=torch.uint8)
        image = 0.1 * torch.rand(SCENES, *image_shape, generator=chance)
        for n, m in exists.nonzero().tolist():
            x0, y0, x1, y1 = places[m].long().tolist()
            segmentation[n, y0:y1, x0:x1] = m + 1
            image[n, :, y0:y1, x0:x1] = shades[n, m]
        there = rearrange(exists, "n m -> n m 1")
        truth = Truth(
            counts=counts,
            boxes=places * there,
            labels=torch.where(exists, torch.arange(MOST) % 2, -1),
            segmentation=segmentation,
            attributes={"shade": shades, "position": _middles(places) * there},
        )
        return cls(model, image, truth)

    def judged(self, index: slice = slice(None), metric: Metric | None = None) -> Judged:
        """Some of the scenes.

        Args:
            index: which ones.
            metric: if given, truth and abilities are limited to those that it declares.
        """
        known: frozenset[TruthName] = frozenset(get_args(TruthName))
        abilities: frozenset[Ability] = frozenset(get_args(Ability))
        if metric is not None:
            known, abilities = metric.truth, metric.abilities
        values = {name: getattr(self.truth, name)[index] for name in TENSORS if name in known}
        attributes = self.truth.attributes if "attributes" in known else {}
        truth = Truth(**values, attributes={k: v[index] for k, v in attributes.items()})
        self.model.able = abilities
        image = self.image[index]
        return Judged(self.model, image, truth, self.model.infer(image))


def _middles(boxes: Float[Tensor, "M 4"]) -> Float[Tensor, "M 2"]:
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _one_by_one(
    image: Float[Tensor, "B C H W"], ask: Callable[[Tensor], Tensor], dim: int
) -> Tensor:
    answers = []
    for one in image.split(1):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(1e4 * one.sum()))
            answers.append(ask(one))
    return torch.cat(answers, dim)
