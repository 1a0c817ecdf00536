"""Tests that samples, probabilities and KL of a presence distribution agree."""

from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.distributions import kl_divergence

from objcentric.presence import Presence
from objcentric.testing.expecting import expect, largest
from objcentric.testing.z_scores import Z_LIMIT, coin_scores, z_scores

DRAWS = 20_000


def expect_samples_of(presence: Presence) -> None:
    """Asserts that samples are codes in the support, and as frequent as `log_prob` says.

    Args:
        presence: a distribution with one batch dimension.

    Raises:
        CheckFailed: they do not.
    """
    drawn = presence.sample((DRAWS,))
    support = presence.support
    assert support is not None  # every presence has one
    expect(support.check(drawn).all(), "samples that are codes of the support", "others, too")
    try:
        codes = presence.enumerate_support()  # (codes, B, K)
    except NotImplementedError:
        _expect_counted(drawn, presence.mean)
        return
    probs = presence.log_prob(codes).exp()  # (codes, B)
    off = largest(probs.sum(0) - 1)
    expect(
        off < 1e-4, "probabilities of all codes that add up to 1", f"a sum that is {off:.2g} off"
    )
    equal = rearrange(drawn, "n b k -> n 1 b k") == codes
    _expect_counted(equal.all(-1).to(probs.dtype), probs)


def expect_kl(posterior: Presence, prior: Presence) -> None:
    """Asserts that the registered KL is the mean of log q - log p over all codes. If there are too
    many codes, it is the mean over samples of q.

    Raises:
        CheckFailed: it is not.
    """
    found = kl_divergence(posterior, prior)
    try:
        codes = posterior.enumerate_support()
    except NotImplementedError:
        drawn = posterior.sample((DRAWS,))
        ratios = posterior.log_prob(drawn) - prior.log_prob(drawn)
        score = largest(z_scores(ratios, found))
        expected = f"a KL within {Z_LIMIT} standard errors of that of {DRAWS:,} samples"
        expect(score < Z_LIMIT, expected, f"one that is {score:.1f} off")
        return
    log_q = posterior.log_prob(codes)
    exact = (log_q.exp() * (log_q - prior.log_prob(codes))).sum(0)
    off = largest(found - exact)
    expected = f"the KL that all codes add up to, {exact.tolist()} nats"
    expect(off < 1e-5 * (1 + largest(exact)), expected, found.tolist())


def _expect_counted(happened: Float[Tensor, "N *rest"], probs: Float[Tensor, "*rest"]) -> None:
    score = largest(coin_scores(happened, probs))
    expect(
        score < Z_LIMIT,
        f"codes as often as log_prob says, within {Z_LIMIT} standard errors of {DRAWS:,} samples",
        f"one that is {score:.1f} off",
    )
