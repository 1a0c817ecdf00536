import torch

from objcentric.drafts import Layers
from objcentric_air.sum import Sum
from objcentric_composition.clamped_sum import ClampedSum


def test_it_is_the_sum_as_far_as_white():
    layers, presence = Layers(torch.rand(2, 3, 1, 4, 4)), torch.ones(1, 2, 3)
    plain, clamped = Sum()(layers, presence), ClampedSum()(layers, presence)
    assert plain.max() > 1
    assert torch.equal(clamped, plain.clamp(max=1))
