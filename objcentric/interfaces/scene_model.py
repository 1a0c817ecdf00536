"""The interface of a whole scene model: all that training, evaluation and pictures know of one."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NoReturn

from jaxtyping import Float, Int
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.errors import ObjcentricError
from objcentric.progress import Progress

Ability = Literal["presence", "boxes", "density", "generate"]
"""What not every model can do.

- `presence`: it decides which slots hold an object, so its counts mean something;
- `boxes`: its slots have windows;
- `density`: it has `log_weights` and `log_likelihood`;
- `generate`: it draws scenes from its prior.
"""


@dataclass(frozen=True)
class Objective:
    """The loss of a batch, and what is worth knowing about it.

    Attributes:
        loss: scalar to minimise, with gradients.
        terms: its parts for each image, detached, by name: `nll`, `presence_kl`, …
        presence: most probable presence code, given what was sampled; 1 where a model has none.
        diagnostics: detached scalars worth a curve, by name.
    """

    loss: Float[Tensor, ""]
    terms: Mapping[str, Float[Tensor, " B"]]
    presence: Float[Tensor, "B K"]
    diagnostics: Mapping[str, Float[Tensor, ""]] = field(default_factory=dict)


@dataclass(frozen=True)
class Inference:
    """What a model finds in a batch of images.

    Attributes:
        presence: the most probable presence code; all 1 in a model without presence.
        presence_probs: probability that each slot is present, in [0, 1].
        slots: the slots' representations: what a probe reads.
        canvas: reconstruction.
        masks: how much of each pixel the background (first) and each slot explain, in [0, 1],
            adding up to 1; `(B, K+1, H, W)`.
        boxes: of each slot's window, `(x0, y0, x1, y1)` in pixels, meaningful where it is present;
            None where a model has no windows.
        where: each slot's place, in the model's own coordinates; None where it has none.
    """

    presence: Float[Tensor, "B K"]
    presence_probs: Float[Tensor, "B K"]
    slots: Float[Tensor, "B K D"]
    canvas: Float[Tensor, "B C H W"]
    masks: Float[Tensor, "B K+1 H W"]
    boxes: Float[Tensor, "B K 4"] | None = None
    where: Float[Tensor, "B K where"] | None = None

    @property
    def counts(self) -> Float[Tensor, " B"]:
        """Number of objects found."""
        return self.presence.sum(-1)

    @cached_property
    def segmentation(self) -> Int[Tensor, "B H W"]:
        """What explains each pixel most, the first among equals: 0 for the background, k+1 for
        slot k."""
        return self.masks.max(1).indices  # several times as fast as argmax here


class SceneModel(Component, nn.Module):
    """A model of scenes, whatever is inside it.

    A constructor may have a first parameter annotated `tuple[int, int, int]`: the `(C, H, W)` of an
    image. Everything else about it is an option of the recipe's `model` section:

        model: {use: conv_vae, latent: 16}
    """

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can do beyond `objective` and `infer`."""
        return frozenset()

    @abstractmethod
    def objective(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        """The loss of a batch of images, intensities in [0, 1]."""

    @abstractmethod
    def infer(self, image: Float[Tensor, "B C H W"]) -> Inference:
        """What is in a batch of images. Deterministic, and without gradients."""

    def log_weights(self, image: Float[Tensor, "B C H W"], n: int) -> Float[Tensor, "n B"]:
        """log p(image, z) - log q(z | image) for n samples z of the posterior, constants included.

        Their mean bounds log p(image) from below (ELBO), and so does log 1/n Σ exp (Burda et al.
        2016, arXiv:1509.00519). The prior is that of the end of training.

        Raises:
            NotAble: the model has no density.
        """
        self._cannot("density")

    def log_likelihood(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        """log p(image | z) for one sample z of the posterior, in nats, constants included.

        Raises:
            NotAble: the model has no density.
        """
        self._cannot("density")

    def generate(self, n: int) -> Float[Tensor, "n C H W"]:
        """Canvases of `n` scenes from the prior at the end of training.

        Raises:
            NotAble: the model draws no scenes by itself.
        """
        self._cannot("generate")

    def forward(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        """`objective`, so that wrappers which hook into `forward` work."""
        return self.objective(image, progress)

    def _cannot(self, ability: Ability) -> NoReturn:
        raise NotAble(f"{type(self).__name__} does not have the ability {ability!r}")


class NotAble(ObjcentricError):
    """A model was asked for something that it cannot do."""
