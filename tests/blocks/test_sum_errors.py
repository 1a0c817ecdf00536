"""Squared errors of sums, object by object."""

import pytest
import torch

from objcentric.blocks.sum_errors import plain_sum_errors, sum_errors
from objcentric.placed import Placed, Placement


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("slots", [1, 4])
def test_errors_and_gradients_are_those_of_all_canvases(channels: int, slots: int) -> None:
    sizes = (
        (2, channels, 11, 13),
        (2, slots, channels, 4, 5),
        (2, slots, 11, 4),
        (2, slots, 13, 5),
    )
    image, patches, rows, columns = by = [
        torch.rand(size, dtype=torch.float64, requires_grad=True) for size in sizes
    ]
    placed, weights = Placed(patches, Placement(rows, columns)), torch.randn(slots + 1, 2).double()
    found = []
    for errors_of in (sum_errors, plain_sum_errors):
        errors = errors_of(image, placed)
        found.append([errors, *torch.autograd.grad((weights * errors).sum(), by)])
    for one, two in zip(*found, strict=True):
        torch.testing.assert_close(one, two, rtol=1e-10, atol=1e-10)


def test_a_perfect_sum_has_a_finite_gradient() -> None:
    patches, unit = torch.zeros(1, 2, 1, 3, 3, requires_grad=True), torch.ones(1, 2, 6, 3)
    errors = sum_errors(torch.zeros(1, 1, 6, 6), Placed(patches, Placement(unit, unit)))
    errors.sum().backward()
    assert (patches.grad == 0).all()


def test_single_precision_is_as_exact_as_that_of_the_canvases() -> None:
    sizes = (4, 1, 128, 128), (4, 10, 1, 20, 20), (4, 10, 128, 20), (4, 10, 128, 20)
    image, patches, rows, columns = (torch.rand(size, dtype=torch.float64) for size in sizes)
    placed = Placed(patches / 20, Placement(rows / 20, columns / 20))
    single = Placed(patches.float() / 20, Placement(rows.float() / 20, columns.float() / 20))
    torch.testing.assert_close(
        sum_errors(image.float(), single).double(),
        plain_sum_errors(image, placed),
        rtol=2e-6,
        atol=0,
    )
