"""The score-function estimator with a learnt baseline."""

from einops import rearrange
from pydantic import PositiveInt

from objcentric.interfaces import Baseline, Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence
from objcentric.scene import SceneSpec
from objcentric_air.recurrent_baseline import RecurrentBaseline


class Reinforce(GradientEstimator):
    """∇E_q[f] = E_q[∇f + (f - b) ∇log q] (Williams 1992; Mnih & Gregor 2014, arXiv:1402.0030).

    Each decision has a baseline of its own, which learns the cost by squared error.

    Args:
        scene: sizes of the scene.
        baseline: what is subtracted from the cost; null for none.
        samples: presence codes drawn for an image.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        baseline: Baseline | type[Baseline] | None = RecurrentBaseline,
        samples: PositiveInt = 1,
    ) -> None:
        super().__init__()
        self.baseline = baseline(scene) if isinstance(baseline, type) else baseline
        self.samples = samples

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.sample((self.samples,))  # (S, B, K)
        costs = cost(codes)  # (S, B)
        signal = rearrange(costs.detach(), "s b -> s b 1")
        if self.baseline is not None:
            signal = signal - self.baseline(context)  # (S, B, K), one baseline for each decision
        score = (signal.detach() * posterior.decision_log_prob(codes)).sum(-1)  # (S, B)
        loss = (costs + score).mean()
        diagnostics = {}
        if self.baseline is not None:
            error = (posterior.reached(codes) * signal.square()).sum(-1).mean()
            loss = loss + error
            diagnostics["baseline_error"] = error.detach()
        return Estimate(
            loss=loss,
            codes=codes,
            costs=costs.detach(),
            weights=costs.new_full(costs.shape, 1 / self.samples).detach(),
            diagnostics=diagnostics,
        )
