"""KL divergence and log-density per slot, for any distribution that a component brings."""

from einops import reduce
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution, kl_divergence

from objcentric.drafts import Latent


def slot_kl(posterior: Latent, prior: Distribution) -> Float[Tensor, "B K"]:
    """KL(posterior ‖ prior) of each slot, in nats.

    This is the closed form if torch or a plugin (by `torch.distributions.register_kl`) knows one.
    Otherwise it is the one-sample estimate log q(z) - log p(z) at the sample that was drawn.
    """
    try:
        kl = kl_divergence(posterior.distribution, prior)
    except NotImplementedError:
        q = slot_log_prob(posterior.distribution, posterior.sample)
        return q - slot_log_prob(prior, posterior.sample)
    return _per_slot(kl)


def slot_log_prob(
    distribution: Distribution, sample: Float[Tensor, "B K D"]
) -> Float[Tensor, "B K"]:
    """Log-density of each slot's value, in nats."""
    return _per_slot(distribution.log_prob(sample))


def _per_slot(value: Tensor) -> Float[Tensor, "B K"]:
    """Sums over all dimensions but batch and slot: `(B, K, ...) -> (B, K)`."""
    return reduce(value, "b k ... -> b k", "sum")
