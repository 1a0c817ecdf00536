"""Bias and variance are measured right."""

import pytest
import torch
from broken.estimators import BatchBaseline, Exact, HalfAScore, Score
from torch import Tensor

from objcentric.interfaces import Estimate, GradientEstimator
from objcentric.presence import IndependentPresence, OrderedPresence, Presence
from objcentric.registry import Registry
from objcentric.testing import CheckSkipped, gradient_statistics
from objcentric.testing.estimators import estimator_table
from objcentric.testing.small_scene import SmallScene

KINDS = [OrderedPresence, IndependentPresence]


class Bound(GradientEstimator):
    """The importance-weighted bound of S samples, by the plain score function."""

    bounds_presence = True

    def __init__(self, samples: int = 2, scale: float = 1.0) -> None:
        super().__init__()
        self.samples, self.scale = samples, scale

    def forward(self, posterior, cost, context) -> Estimate:
        codes = posterior.sample((self.samples,))
        log_q, costs = posterior.log_prob(codes), cost(codes)
        log_weights = context.prior.log_prob(codes) - log_q - costs
        bound = log_weights.logsumexp(0) - torch.tensor(float(self.samples)).log()
        loss = -(bound + self.scale * bound.detach() * log_q.sum(0)).mean()
        return Estimate(loss, codes, costs.detach(), log_weights.detach().softmax(0))


@pytest.mark.parametrize("kind", KINDS)
def test_the_exact_estimator_has_neither_bias_nor_variance(kind: type[Presence]) -> None:
    found = gradient_statistics(Exact(), kind=kind, replicas=3)
    assert found.relative_bias < 1e-12
    assert found.relative_variance < 1e-12
    assert found.codes == {OrderedPresence: 4, IndependentPresence: 8}[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_score_is_half_the_score_s_share_off(kind: type) -> None:
    whole, half = (gradient_statistics(e, kind=kind) for e in (Score(), HalfAScore()))
    logits = slice(0, 6)  # of the two images; layers are upstream of the cost alone
    off = half.bias[logits] + whole.exact[logits] / 2
    assert (off / half.standard_error[logits]).abs().max() < 4.5
    assert half.largest_score > 2 * whole.largest_score


def test_four_times_as_many_replicas_halve_the_standard_error() -> None:
    few, many = (gradient_statistics(Score(), replicas=n) for n in (3_000, 12_000))
    ratio = few.standard_error.norm() / many.standard_error.norm()
    assert ratio.item() == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bound_is_compared_with_itself(kind: type) -> None:
    assert gradient_statistics(Bound(), kind=kind).largest_score < 4.5
    assert gradient_statistics(Bound(scale=0.5), kind=kind).largest_score > 10


def test_a_bound_of_too_many_tuples_is_skipped() -> None:
    with pytest.raises(CheckSkipped, match="fewer samples"):
        gradient_statistics(Bound(samples=8), replicas=2)


def test_the_estimator_is_left_as_it_was() -> None:
    estimator = Score()
    estimator.weight = torch.nn.Parameter(torch.ones(()))
    gradient_statistics(estimator, replicas=2)
    assert estimator.weight == 1


def test_the_enumerated_gradient_is_that_of_finite_differences() -> None:
    scene = SmallScene.make(OrderedPresence)

    def expected(logits: Tensor, layers: Tensor) -> Tensor:
        posterior = OrderedPresence(logits)
        codes = posterior.enumerate_support()
        return (posterior.log_prob(codes).exp() * scene.cost(layers)(codes)).sum()

    inputs = (scene.logits.requires_grad_(), scene.layers.requires_grad_())
    assert torch.autograd.gradcheck(expected, inputs)
    found = scene.expected_cost()
    wanted = torch.autograd.grad(expected(*inputs), inputs)
    torch.testing.assert_close((found.logits, found.layers), wanted)


def test_a_batch_s_own_mean_is_a_bias_that_only_small_batches_show() -> None:
    assert gradient_statistics(BatchBaseline()).largest_score < 4.5


def test_the_table_has_a_row_for_each_estimator_and_presence() -> None:
    lines = estimator_table(Registry.discover(), replicas=2).splitlines()
    assert lines[0].startswith("| estimator | presence | codes |")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert ["`estimators.enumerate`", "ordered", "4", "0.00%"] in [row[:4] for row in rows]
    assert all(len(row) == 7 for row in rows)
