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
        where: KL of each slot's where.
        what: KL of each slot's what.
        posterior: posterior of presence.
        prior: prior of presence.
        options: say which slots count.
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
        """1 for slots whose where and what KL counts: the present ones, or all reached ones."""
        return self.posterior.reached(codes) if self.options.object_kl == "reached" else codes

    def objects(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """Where and what KL of the slots that count."""
        return (self.counted(codes) * (self.where + self.what)).sum(-1)

    def presence(self, estimate: Estimate) -> Float[Tensor, " B"]:
        """KL of presence, over all codes or over the decisions that the sampled codes reached."""
        if self.options.presence_kl == "exact":
            return kl_divergence(self.posterior, self.prior)
        reached = self.posterior.reached(estimate.codes.detach())
        return averaged((reached * self.posterior.step_kl(self.prior)).sum(-1), estimate)


def averaged(values: Float[Tensor, "S B"], estimate: Estimate) -> Float[Tensor, " B"]:
    """Mean over the codes of an estimate, with the estimate's weights."""
    return einsum(estimate.weights, values, "s b, s b -> b")
