"""The normal distribution is torch's, and can be drawn from under vmap."""

import pytest
import torch
from torch.distributions import Normal as TorchNormal
from torch.distributions import kl_divergence

from objcentric.normal import Normal


@pytest.mark.parametrize("size", [1, 7, 15, 16, 17, 1000])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_samples_are_torch_s_to_the_bit_and_leave_the_generator_as_torch_does(size, dtype) -> None:
    loc, scale = torch.randn(size, dtype=dtype), torch.rand(size, dtype=dtype) + 0.1
    drawn = []
    for kind in (Normal, TorchNormal):
        torch.manual_seed(3)
        drawn.append((kind(loc, scale).rsample((2,)), torch.rand(1)))
    assert torch.equal(drawn[0][0], drawn[1][0])
    assert torch.equal(drawn[0][1], drawn[1][1])


def test_it_is_as_close_to_others_as_torch_s_and_expands_to_its_own_kind() -> None:
    args = torch.randn(3), torch.rand(3) + 0.1
    ours, theirs, other = Normal(*args), TorchNormal(*args), TorchNormal(0.3, 0.7)
    assert torch.equal(kl_divergence(ours, other), kl_divergence(theirs, other))
    assert torch.equal(kl_divergence(other, ours), kl_divergence(other, theirs))
    assert type(ours.expand((2, 3))) is Normal


def test_each_of_several_models_draws_noise_of_its_own() -> None:
    def draw(loc: torch.Tensor) -> torch.Tensor:
        return Normal(loc, torch.ones_like(loc), validate_args=False).rsample()

    drawn = torch.func.vmap(draw, randomness="different")(torch.zeros(2, 3))
    assert not torch.equal(drawn[0], drawn[1])
