"""The interface of whole scene models, as training, evaluation and pictures use it."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Literal, NoReturn

from jaxtyping import Float, Int, Shaped
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.errors import ObjcentricError
from objcentric.progress import Progress

Ability = Literal["presence", "boxes", "density", "generate", "redraw", "attributes"]
"""Things that some models can do and others cannot.

- `presence`: the model decides which slots hold an object, so its counts are meaningful;
- `boxes`: its slots have windows;
- `density`: it has `log_weights` and `log_likelihood`;
- `generate`: it generates scenes from its prior;
- `redraw`: it draws a canvas from slots that were changed;
- `attributes`: it says what its slots show in the terms of the truth, such as a class or a place.
"""


@dataclass(frozen=True)
class Objective:
    """The loss of a batch, with its terms and diagnostics.

    Attributes:
        loss: scalar to minimise, with gradients.
        terms: its parts for each image, detached, by name: `nll`, `presence_kl`, …
        presence: most probable presence code, given the samples; all 1 in a model without presence.
        diagnostics: detached scalars by name, plotted over training.
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
        slots: the slots' representations, which probes read.
        canvas: reconstruction.
        masks: share of each pixel that the background (first) and each slot explain, in [0, 1],
            adding up to 1; `(B, K+1, H, W)`.
        boxes: box of each slot's window, `(x0, y0, x1, y1)` in pixels, meaningful if the slot is
            present; None in a model without windows.
        where: each slot's place, in the model's own coordinates; None if it has none.
        attributes: what each slot shows, by name, `(B, K, ...)`; empty in a model whose codes have
            no given meaning. `label` means the same as `Truth.labels`, every other name the same as
            in `Truth.attributes`, so that metrics can compare the two.
    """

    presence: Float[Tensor, "B K"]
    presence_probs: Float[Tensor, "B K"]
    slots: Float[Tensor, "B K D"]
    canvas: Float[Tensor, "B C H W"]
    masks: Float[Tensor, "B K+1 H W"]
    boxes: Float[Tensor, "B K 4"] | None = None
    where: Float[Tensor, "B K where"] | None = None
    attributes: Mapping[str, Shaped[Tensor, "B K ..."]] = field(default_factory=dict)

    def at(self, index: Int[Tensor, " n"]) -> "Inference":
        """What was found in some of the images; one may be asked for several times."""
        index = index.to(self.presence.device)
        tensors = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "attributes"}
        known = {name: value[index] for name, value in tensors.items() if value is not None}
        attributes = {name: value[index] for name, value in self.attributes.items()}
        return Inference(**known, attributes=attributes)

    @property
    def counts(self) -> Float[Tensor, " B"]:
        """Number of objects found."""
        return self.presence.sum(-1)

    @cached_property
    def segmentation(self) -> Int[Tensor, "B H W"]:
        """The largest mask at each pixel, the first of equal ones: 0 for the background, k+1 for
        slot k."""
        return self.masks.max(1).indices  # several times as fast as argmax here


class SceneModel(Component, nn.Module):
    """A model of scenes, whatever its inner structure.

    If the first parameter of the constructor is annotated `tuple[int, int, int]`, it receives the
    `(C, H, W)` of an image. All other parameters are options of the recipe's `model` section:

        model: {use: conv_vae, latent: 16}
    """

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the model can do beyond `objective` and `infer`."""
        return frozenset()

    @abstractmethod
    def objective(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        """The loss of a batch of images with intensities in [0, 1]."""

    @abstractmethod
    def infer(self, image: Float[Tensor, "B C H W"]) -> Inference:
        """What the model finds in a batch of images. Deterministic, and without gradients."""

    def log_weights(self, image: Float[Tensor, "B C H W"], n: int) -> Float[Tensor, "n B"]:
        """log p(image, z) - log q(z | image) for n samples z of the posterior, constants included.

        Their mean is a lower bound of log p(image) (ELBO), and so is the log of the mean of their
        exponentials (Burda et al. 2016, arXiv:1509.00519). The prior is that at the end of
        training.

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
            NotAble: the model cannot generate scenes.
        """
        self._cannot("generate")

    def generate_objects(self, n: int, objects: int) -> Float[Tensor, "n C H W"]:
        """The same, in which a given number of slots are present.

        A prior under which objects are rare generates empty scenes; this shows what it knows of
        objects nevertheless. Optional.

        Raises:
            NotAble: the model cannot generate scenes, or not with a given number of objects.
            ObjcentricError: the model has fewer slots.
        """
        raise NotAble(f"{type(self).__name__} cannot generate a given number of objects")

    def redraw(
        self, image: Float[Tensor, "B C H W"], inference: Inference
    ) -> Float[Tensor, "B C H W"]:
        """The canvas of an inference in which presence, slots or where were changed.

        The inference of `infer`, unchanged, gives its own canvas again.

            found = model.infer(image)
            canvas = model.redraw(image, replace(found, slots=2 * found.slots))

        Args:
            image: what the inference was made from; it may decide what is behind all objects.
            inference: read are its presence, slots and where.

        Raises:
            NotAble: the model cannot draw slots that it has not inferred.
        """
        self._cannot("redraw")

    def forward(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        """The same as `objective`, for wrappers that hook into `forward`."""
        return self.objective(image, progress)

    def _cannot(self, ability: Ability) -> NoReturn:
        raise NotAble(f"{type(self).__name__} does not have the ability {ability!r}")


class NotAble(ObjcentricError):
    """A model was asked for something that it cannot do."""
