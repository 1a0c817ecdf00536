"""Parts of score-function estimators, ∇E_q[f] = E_q[∇f + signal · ∇log q]."""

from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Baseline, Context, Estimate
from objcentric.presence import Presence


def learning_signal(
    costs: Float[Tensor, "S B"], baseline: Baseline | None, context: Context
) -> Float[Tensor, "S B decisions"]:
    """The signal of each decision: the cost, detached, minus the baseline of that decision.

    Without a baseline, all decisions have the same signal, `(S, B, 1)`.
    """
    signal = rearrange(costs.detach(), "s b -> s b 1")
    return signal if baseline is None else signal - baseline(context)


def score_term(
    posterior: Presence, codes: Float[Tensor, "S B K"], signal: Float[Tensor, "S B decisions"]
) -> Float[Tensor, "S B"]:
    """Σ_k signal_k · log q(decision k) over the reached decisions (Williams 1992).

    Its gradient is signal · ∇log q; no gradient flows through the signal. An example of an
    estimator without a baseline:

        codes = posterior.sample((samples,))
        costs = cost(codes)
        signal = learning_signal(costs, None, context)
        loss = (costs + score_term(posterior, codes, signal)).mean()
        return sampled_estimate(loss, codes, costs)
    """
    return (signal.detach() * posterior.decision_log_prob(codes)).sum(-1)


def squared_signal(
    posterior: Presence, codes: Float[Tensor, "S B K"], signal: Float[Tensor, "S B decisions"]
) -> Float[Tensor, ""]:
    """Error of the baseline: squared signals, summed over the reached decisions of a code."""
    return (posterior.reached(codes) * signal.square()).sum(-1).mean()


def sampled_estimate(
    loss: Float[Tensor, ""],
    codes: Float[Tensor, "S B K"],
    costs: Float[Tensor, "S B"],
    diagnostics: dict[str, Float[Tensor, ""]] | None = None,
    presence_step: Float[Tensor, ""] | float = 1.0,
) -> Estimate:
    """An estimate from S samples of the posterior, each with weight 1/S."""
    return Estimate(
        loss=loss,
        codes=codes.detach(),
        costs=costs.detach(),
        weights=costs.new_full(costs.shape, 1 / costs.shape[0]).detach(),
        diagnostics=diagnostics or {},
        presence_step=presence_step,
    )
