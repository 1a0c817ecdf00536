"""The KL terms of the default wiring's objective, as functions of presence."""

from dataclasses import dataclass

from einops import einsum
from jaxtyping import Float
from torch import Tensor
from torch.distributions import kl_divergence

from objcentric.divergence import slot_kl
from objcentric.drafts import Drafts
from objcentric.interfaces import Estimate, SceneBelief
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.presence import Presence


@dataclass(frozen=True)
class KlTerms:
    """KL(posterior ‖ prior) of presence, where and what, in nats, unweighted.

    Attributes:
        where: of each slot's where.
        what: of each slot's what.
        posterior: of presence.
        prior: of presence.
        options: which slots count.
    """

    where: Float[Tensor, "B K"]
    what: Float[Tensor, "B K"]
    posterior: Presence
    prior: Presence
    options: ObjectiveOptions

    @classmethod
    def of(cls, drafts: Drafts, prior: SceneBelief, options: ObjectiveOptions) -> "KlTerms":
        """The terms of a batch's proposals."""
        where, what = slot_kl(drafts.where, prior.where), slot_kl(drafts.what, prior.what)
        return cls(where, what, drafts.presence, prior.presence, options)

    def counted(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K"]:
        """Slots whose where and what KL counts: the present ones, or all that were reached."""
        return self.posterior.reached(codes) if self.options.object_kl == "reached" else codes

    def objects(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """Where and what KL of the slots that count."""
        return (self.counted(codes) * (self.where + self.what)).sum(-1)

    def presence(self, estimate: Estimate) -> Float[Tensor, " B"]:
        """KL of presence: over all codes, or of the decisions that the sampled codes reached."""
        if self.options.presence_kl == "exact":
            return kl_divergence(self.posterior, self.prior)
        reached = self.posterior.reached(estimate.codes.detach())
        return averaged((reached * self.posterior.step_kl(self.prior)).sum(-1), estimate)


def averaged(values: Float[Tensor, "S B"], estimate: Estimate) -> Float[Tensor, " B"]:
    """Mean over an estimate's codes, each counting as it does in the estimate."""
    return einsum(estimate.weights, values, "s b, s b -> b")
