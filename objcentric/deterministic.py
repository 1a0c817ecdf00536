"""A distribution with all its probability on one value (`Deterministic`)."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution, constraints, register_kl


class Deterministic(Distribution):
    """All probability on one value: the "posterior" of an autoencoder without a KL term.

    Its KL from any prior counts as 0, because a model that uses it leaves that term out. Such a
    model has no bound on the likelihood.

    Args:
        value: `(..., D)`; gradients flow through it.
    """

    arg_constraints = {"value": constraints.real}  # noqa: RUF012 (how torch declares constraints)
    support = constraints.real
    has_rsample = True
    value: Tensor

    def __init__(self, value: Float[Tensor, "*shape"], validate_args: bool | None = None) -> None:
        self.value = value
        super().__init__(value.shape, validate_args=False)

    @property
    def mean(self) -> Float[Tensor, "*shape"]:
        return self.value

    @property
    def stddev(self) -> Float[Tensor, "*shape"]:
        return torch.zeros_like(self.value)

    @property
    def variance(self) -> Float[Tensor, "*shape"]:
        return torch.zeros_like(self.value)

    def rsample(self, sample_shape: torch.Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        """The value, `(*sample_shape, *shape)`."""
        return self.value.expand(self._extended_shape(torch.Size(sample_shape)))

    def sample(self, sample_shape: torch.Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        """The value without its gradient, `(*sample_shape, *shape)`."""
        return self.rsample(sample_shape).detach()  # expand may return the value itself


@register_kl(Deterministic, Distribution)  # type: ignore[untyped-decorator]
def _no_kl(q: Deterministic, p: Distribution) -> Float[Tensor, "*shape"]:
    return torch.zeros_like(q.value)
