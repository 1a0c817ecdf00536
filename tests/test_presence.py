"""Distributions over presence codes, against enumeration of all codes."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import kl_divergence

from objcentric.presence import (
    MAX_ENUMERABLE_SLOTS,
    CertainPresence,
    IndependentPresence,
    OrderedPresence,
    Presence,
)

both = pytest.mark.parametrize("kind", [OrderedPresence, IndependentPresence])
slot_logits = st.lists(st.floats(-8, 8), min_size=1, max_size=5)


def random_presence(kind: type[Presence], *shape: int) -> Presence:
    return kind(2 * torch.randn(*shape, dtype=torch.float64))


def double(values: list[float]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_ordered_codes_are_the_unary_ones() -> None:
    codes = OrderedPresence(torch.zeros(3)).enumerate_support()
    assert codes.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]


def test_independent_codes_are_all_and_different() -> None:
    codes = IndependentPresence(torch.zeros(4)).enumerate_support()
    assert len({tuple(code) for code in codes.tolist()}) == 2**4 == len(codes)


def test_too_many_independent_codes_are_refused_with_their_number() -> None:
    slots = MAX_ENUMERABLE_SLOTS + 1
    with pytest.raises(NotImplementedError, match=f"{slots} independent slots have 2\\^{slots}"):
        IndependentPresence(torch.zeros(slots)).enumerate_support()


@both
def test_support_has_a_batch_of_one_unless_expanded(kind: type[Presence]) -> None:
    posterior = random_presence(kind, 5, 2, 3)
    codes = len(kind(torch.zeros(3)).enumerate_support())
    assert posterior.enumerate_support().shape == (codes, 5, 2, 3)
    assert posterior.enumerate_support(expand=False).shape == (codes, 1, 1, 3)
    torch.testing.assert_close(
        posterior.log_prob(posterior.enumerate_support(expand=False)),
        posterior.log_prob(posterior.enumerate_support()),
    )


@both
@given(logits=slot_logits)
def test_probabilities_of_all_codes_sum_to_one(kind: type[Presence], logits: list[float]) -> None:
    posterior = kind(double(logits))
    total = posterior.log_prob(posterior.enumerate_support()).exp().sum(0)
    torch.testing.assert_close(total, torch.ones_like(total))


@both
@given(logits=slot_logits)
def test_mean_mode_and_counts_agree_with_enumeration(
    kind: type[Presence], logits: list[float]
) -> None:
    posterior = kind(double(logits))
    codes = posterior.enumerate_support()  # (codes, K)
    log_prob = posterior.log_prob(codes)
    torch.testing.assert_close(posterior.mean, log_prob.exp() @ codes)
    torch.testing.assert_close(posterior.log_prob(posterior.mode), log_prob.max())
    number = torch.arange(posterior.slots + 1, dtype=torch.float64)
    of_count = (codes.sum(-1) == number[:, None]).double() @ log_prob.exp()
    torch.testing.assert_close(posterior.counts().probs, of_count)


@both
@given(data=st.data(), slots=st.integers(1, 5))
def test_closed_form_kl_agrees_with_enumeration(
    kind: type[Presence], data: st.DataObject, slots: int
) -> None:
    logits = st.lists(st.floats(-8, 8), min_size=slots, max_size=slots)
    q, p = kind(double(data.draw(logits))), kind(double(data.draw(logits)))
    codes = q.enumerate_support()
    log_q = q.log_prob(codes)
    expected = (log_q.exp() * (log_q - p.log_prob(codes))).sum(0)
    torch.testing.assert_close(kl_divergence(q, p), expected, rtol=1e-9, atol=1e-9)


@both
def test_kl_takes_a_prior_without_batch_dimensions(kind: type[Presence]) -> None:
    posterior, prior = random_presence(kind, 6, 3), random_presence(kind, 3)
    kl = kl_divergence(posterior, prior)
    assert kl.shape == (6,)
    torch.testing.assert_close(kl[4], kl_divergence(kind(posterior.logits[4]), prior))


def test_kl_between_ordered_and_independent_presence_has_no_closed_form() -> None:
    with pytest.raises(NotImplementedError):
        kl_divergence(OrderedPresence(torch.zeros(3)), IndependentPresence(torch.zeros(3)))


@both
def test_step_kls_of_the_decisions_that_samples_reach_average_to_the_kl(
    kind: type[Presence],
) -> None:
    q, p = random_presence(kind, 3), random_presence(kind, 3)
    codes = q.enumerate_support()
    expected = (q.log_prob(codes).exp() * (q.reached(codes) * q.step_kl(p)).sum(-1)).sum(0)
    torch.testing.assert_close(kl_divergence(q, p), expected)


def test_ordered_decisions_are_reached_up_to_and_with_the_first_no() -> None:
    codes = torch.tensor([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]])
    reached = OrderedPresence(torch.zeros(3)).reached(codes)
    assert reached.tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 1, 1]]


@both
def test_decisions_that_are_not_reached_have_log_probability_zero(kind: type[Presence]) -> None:
    posterior = random_presence(kind, 3)
    codes = posterior.enumerate_support()
    decisions = posterior.decision_log_prob(codes)
    assert ((decisions == 0) == (posterior.reached(codes) == 0)).all()
    torch.testing.assert_close(decisions.sum(-1), posterior.log_prob(codes))


@both
def test_samples_come_as_often_as_their_probability_says(kind: type[Presence]) -> None:
    """Seed 0; 50,000 samples; every code's count is within z = 4.5 of its expectation."""
    draws = 50_000
    posterior = kind(torch.tensor([1.5, -0.3, 0.7], dtype=torch.float64))
    samples = posterior.sample((draws,))
    for code in posterior.enumerate_support():
        p = posterior.log_prob(code).exp()
        seen = (samples == code).all(-1).sum()
        assert abs(seen - draws * p) / (draws * p * (1 - p)).sqrt() < 4.5, code


@both
def test_samples_have_sample_batch_and_slot_dimensions_and_no_gradient(
    kind: type[Presence],
) -> None:
    posterior = kind(torch.zeros(4, 3, requires_grad=True))
    samples = posterior.sample((2, 5))
    assert samples.shape == (2, 5, 4, 3)
    assert samples.dtype == torch.float32
    assert not samples.requires_grad
    assert (posterior.batch_shape, posterior.event_shape) == ((4,), (3,))


@both
@pytest.mark.parametrize("size", [50.0, 1e4])
def test_everything_stays_finite_at_extreme_logits(kind: type[Presence], size: float) -> None:
    logits = torch.tensor([[s * size, t * size] for s in (-1, 1) for t in (-1, 1)])
    logits.requires_grad_()
    posterior, prior = kind(logits), kind(torch.tensor([-4.6, -4.6]))
    values = [
        posterior.log_prob(posterior.enumerate_support()).sum(),
        kl_divergence(posterior, prior).sum(),
        kl_divergence(kind(prior.logits.expand(4, 2)), posterior).sum(),
        posterior.mean.sum(),
        posterior.step_kl(prior).sum(),
        posterior.counts().probs.sum(),
        posterior.relaxed_sample(0.1).sum(),
    ]
    for value in values:
        assert value.isfinite()
        (gradient,) = torch.autograd.grad(value, logits)
        assert gradient.isfinite().all()


@given(weights=st.lists(st.floats(1e-3, 1), min_size=2, max_size=6))
def test_an_ordered_presence_from_counts_has_these_counts(weights: list[float]) -> None:
    probs = double(weights) / sum(weights)
    counts = OrderedPresence.from_counts(probs.log()).counts().probs
    torch.testing.assert_close(counts, probs)


@pytest.mark.parametrize(
    "probs", [[1.0, 0, 0, 0], [0, 0, 0, 1.0], [0, 1.0, 0, 0], [0.5, 0, 0.5, 0], [0, 0.25, 0, 0.75]]
)
def test_counts_of_probability_zero_stay_all_but_impossible_and_finite(probs: list[float]) -> None:
    log_probs = double(probs).log()
    presence = OrderedPresence.from_counts(log_probs)
    assert presence.logits.isfinite().all()
    torch.testing.assert_close(presence.counts().probs, log_probs.exp(), rtol=0, atol=1e-12)


def test_log_probabilities_of_counts_get_a_gradient() -> None:
    log_probs = double([0.2, 0.5, 0.3]).log().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: OrderedPresence.from_counts(x).logits, log_probs)


@both
def test_relaxed_samples_approach_codes_as_the_temperature_falls(kind: type[Presence]) -> None:
    posterior = random_presence(kind, 200, 3)

    def farthest(temperature: float) -> float:
        torch.manual_seed(1)
        relaxed = posterior.relaxed_sample(temperature)
        assert ((relaxed >= 0) & (relaxed <= 1)).all()
        codes = relaxed.round()
        posterior.log_prob(codes)  # refuses what is not a code
        return (relaxed - codes).abs().mean().item()

    warm, cool, cold = farthest(1.0), farthest(0.1), farthest(1e-4)
    assert warm > cool > cold
    assert cold < 1e-3


@both
def test_relaxed_samples_hand_a_gradient_to_every_slot(kind: type[Presence]) -> None:
    logits = torch.zeros(3, requires_grad=True)
    kind(logits).relaxed_sample(0.5, (4,)).sum().backward()
    assert (logits.grad != 0).all()


@both
def test_cold_relaxed_samples_come_as_often_as_codes_do(kind: type[Presence]) -> None:
    """Seed 0; 50,000 samples; within z = 4.5 of each slot's probability."""
    draws = 50_000
    posterior = kind(torch.tensor([1.5, -0.3, 0.7], dtype=torch.float64))
    present = posterior.relaxed_sample(1e-4, (draws,)).round().mean(0)
    p = posterior.mean
    assert ((present - p).abs() / (p * (1 - p) / draws).sqrt() < 4.5).all()


@both
def test_an_expanded_presence_repeats_itself(kind: type[Presence]) -> None:
    posterior = random_presence(kind, 3)
    expanded = posterior.expand(torch.Size((4, 2)))
    assert type(expanded) is kind
    assert (expanded.batch_shape, expanded.event_shape) == ((4, 2), (3,))
    code = torch.tensor([1.0, 1.0, 0.0], dtype=torch.float64)
    torch.testing.assert_close(
        expanded.log_prob(code.expand(4, 2, 3)), posterior.log_prob(code).expand(4, 2)
    )


@both
def test_one_code_is_compared_with_a_whole_batch(kind: type[Presence]) -> None:
    posterior = random_presence(kind, 5, 3)
    assert posterior.log_prob(torch.tensor([1.0, 0.0, 0.0])).shape == (5,)


@pytest.mark.parametrize("code", [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.5, 0.0, 0.0]])
def test_codes_that_are_not_unary_are_refused(code: list[float]) -> None:
    with pytest.raises(ValueError, match="support"):
        OrderedPresence(torch.zeros(3)).log_prob(torch.tensor(code))


def test_codes_that_are_not_binary_are_refused() -> None:
    with pytest.raises(ValueError, match="support"):
        IndependentPresence(torch.zeros(3)).log_prob(torch.tensor([0.5, 0.0, 1.0]))


@both
def test_logits_that_are_not_numbers_are_refused(kind: type[Presence]) -> None:
    with pytest.raises(ValueError, match="logits"):
        kind(torch.tensor([0.0, float("nan")]))


def test_half_precision_does_not_coarsen_the_chance_of_presence() -> None:
    presence = IndependentPresence(torch.full((1,), -8.0, dtype=torch.bfloat16))
    found = presence.sample((2_000_000,)).float().mean().item()
    chance = torch.sigmoid(torch.tensor(-8.0)).item()  # 0.000335; 0.0039 in steps of 1/256
    assert abs(found - chance) < 4.5 * (chance / 2_000_000) ** 0.5


def test_certain_presence_has_every_slot_whatever_is_asked() -> None:
    presence = CertainPresence.over(torch.randn(5, 3))
    ones = torch.ones(5, 3)
    assert torch.equal(presence.mean, ones)
    assert torch.equal(presence.mode, ones)
    assert torch.equal(presence.sample(), ones)
    assert torch.equal(presence.sample((2,)), ones.expand(2, 5, 3))
    assert torch.equal(presence.log_prob(presence.sample((2,))), torch.zeros(2, 5))


def test_certain_presence_has_one_code_which_is_all_that_there_is_to_enumerate() -> None:
    presence = CertainPresence.over(torch.randn(5, 3))
    assert torch.equal(presence.enumerate_support(), torch.ones(1, 5, 3))
    assert torch.equal(presence.enumerate_support(expand=False), torch.ones(1, 1, 3))
    assert presence.log_prob(presence.enumerate_support()).exp().eq(1).all()


def test_certain_presence_counts_all_slots_and_pays_nothing_for_it() -> None:
    presence = CertainPresence.over(torch.randn(5, 3))
    assert torch.equal(presence.counts().probs, torch.tensor([0.0, 0, 0, 1]).expand(5, 4))
    prior = CertainPresence.over(torch.zeros(3))
    assert torch.equal(kl_divergence(presence, prior), torch.zeros(5))
    assert torch.equal(presence.step_kl(prior), torch.zeros(5, 3))
