"""What a scene model is trained to minimise, and what is worth knowing about it."""

from dataclasses import dataclass
from typing import Annotated, Literal

from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from objcentric.drafts import Drafts


class ObjectiveOptions(BaseModel):
    """How the negative ELBO is put together. The defaults are the textbook's.

    Attributes:
        beta: weight of the KL terms (Higgins et al. 2017); 1 is the ELBO.
        object_kl: whose where and what KL counts: that of `present` objects, or of every slot whose
            presence decision was `reached`, the stopping one included.
        presence_kl: the closed form over all codes (`exact`), or that of the decisions which the
            sampled code `reached`, without a gradient through the reaching.
        signal: what the gradient estimator is told that a code costs: the whole cost (`elbo`), or
            the `likelihood` alone, the where and what KL then counting for the code that was drawn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    beta: Annotated[float, Field(ge=0)] = 1.0
    object_kl: Literal["present", "reached"] = "present"
    presence_kl: Literal["exact", "reached"] = "exact"
    signal: Literal["elbo", "likelihood"] = "elbo"


@dataclass(frozen=True)
class Objective:
    """The loss of a batch and its parts.

    Attributes:
        loss: scalar to minimise, with gradients for every component.
        nll: -log p(image | canvas) for the codes that the estimator took, without constants.
        presence_kl: in nats, unweighted, as the loss counts it.
        where_kl: likewise.
        what_kl: likewise.
        counts: most probable number of objects, given the where and what that were sampled.
        drafts: the proposals.
        diagnostics: of the gradient estimator, detached scalars by name.
    """

    loss: Float[Tensor, ""]
    nll: Float[Tensor, " B"]
    presence_kl: Float[Tensor, " B"]
    where_kl: Float[Tensor, " B"]
    what_kl: Float[Tensor, " B"]
    counts: Float[Tensor, " B"]
    drafts: Drafts
    diagnostics: dict[str, Float[Tensor, ""]]


@dataclass(frozen=True)
class Inference:
    """What the model finds in a batch of images.

    Attributes:
        presence: the most probable presence code.
        count_probs: posterior probability of each number of objects, 0…K.
        boxes: of each slot's window, `(x0, y0, x1, y1)` in pixels; meaningful where present.
        where: posterior mean.
        what: posterior mean.
        canvas: reconstruction.
        drafts: the proposals.
    """

    presence: Float[Tensor, "B K"]
    count_probs: Float[Tensor, "B counts"]
    boxes: Float[Tensor, "B K 4"]
    where: Float[Tensor, "B K where"]
    what: Float[Tensor, "B K what"]
    canvas: Float[Tensor, "B C H W"]
    drafts: Drafts

    @property
    def counts(self) -> Float[Tensor, " B"]:
        """Number of objects found."""
        return self.presence.sum(-1)


@dataclass(frozen=True)
class Bound:
    """A one-sample ELBO of a batch, constants included, however the objective weighs its terms.

    Attributes:
        elbo: log p(image) ≥ E[elbo], in nats.
        nll: -log p(image | canvas), in nats.
        presence_kl: closed form.
        object_kl: where and what KL of the present objects.
    """

    elbo: Float[Tensor, " B"]
    nll: Float[Tensor, " B"]
    presence_kl: Float[Tensor, " B"]
    object_kl: Float[Tensor, " B"]
