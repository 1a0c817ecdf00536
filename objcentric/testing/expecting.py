"""Assertions whose messages say what was expected and what was got."""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from objcentric.testing.errors import CheckFailed


def expect(holds: bool | Tensor, expected: str, got: object) -> None:
    """Asserts that a condition holds.

    Raises:
        CheckFailed: it does not.
    """
    if not holds:
        raise CheckFailed(f"expected {expected}, got {got}")


def expect_finite(tensors: Mapping[str, Tensor | None], occasion: str) -> None:
    """Asserts that all values are finite; gradients that do not exist are left out.

    Raises:
        CheckFailed: a value is infinite or NaN.
    """
    for name, tensor in tensors.items():
        if tensor is not None and not tensor.isfinite().all():
            bad = (~tensor.isfinite()).sum()
            raise CheckFailed(
                f"expected finite numbers {occasion}, got {bad} of {tensor.numel()} in {name} "
                "that are infinite or NaN"
            )


def expect_equal(
    got: Mapping[str, Tensor], wanted: Mapping[str, Tensor], expected: str, tolerance: float = 1e-5
) -> None:
    """Asserts that outputs are equal up to rounding.

    Args:
        got: the outputs, by name.
        wanted: what they should be.
        expected: the expectation in words, for the message.
        tolerance: largest error, relative to the largest value of an output.

    Raises:
        CheckFailed: an output is missing, or differs.
    """
    expect(got.keys() == wanted.keys(), f"the outputs {_listed(wanted)}", _listed(got))
    for name, value in got.items():
        reference = wanted[name]
        expect(value.shape == reference.shape, f"{name} {tuple(reference.shape)}", value.shape)
        if value.numel() == 0:
            continue
        exact = reference.double()  # booleans have no difference
        off = (value.double() - exact).abs().max()
        limit = tolerance * (1 + exact.abs().max())
        expect(off <= limit, expected, f"{name} that is off by up to {off:.2g}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def largest(values: Tensor) -> float:
    """The largest absolute value."""
    return float(torch.linalg.vector_norm(values.detach().double(), ord=torch.inf))
