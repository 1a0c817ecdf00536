"""The cost of presence in the default wiring (`SceneCost`)."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Cost
from objcentric.model.drawn_likelihood import DrawnLikelihood
from objcentric.model.kl_terms import KlTerms
from objcentric.presence import OrderedPresence, Presence


@dataclass(frozen=True)
class SceneCost(Cost):
    """-log p(image | layers, code) + β (KL_where + KL_what)(code).

    With the signal `likelihood`, there is no KL in the cost.

    Attributes:
        drawn: log-likelihood of the image.
        kl: KL of the objects, and the options that say what counts.
    """

    drawn: DrawnLikelihood
    kl: KlTerms

    def __call__(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        return self._with_kl(-self.drawn.log_prob(codes), codes)

    def of_support(self, posterior: Presence) -> Float[Tensor, "codes B"]:
        if not isinstance(posterior, OrderedPresence):
            return super().of_support(posterior)
        codes = posterior.enumerate_support()
        return self._with_kl(-self.drawn.prefix_log_prob(codes), codes)

    def _with_kl(
        self, nll: Float[Tensor, "S B"], codes: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B"]:
        options = self.kl.options
        return nll + options.beta * self.kl.objects(codes) if options.signal == "elbo" else nll
