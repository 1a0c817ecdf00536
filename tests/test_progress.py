"""How far training has come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from objcentric.progress import Progress


def at(epoch: float) -> Progress:
    return Progress.at(epoch, epochs=50)


@pytest.mark.parametrize(
    ("epoch", "expected"), [(0, 0), (1, 0), (2.75, 0.25), (4.5, 0.5), (8, 1), (20, 1)]
)
def test_a_ramp_is_flat_then_linear_then_flat(epoch: float, expected: float) -> None:
    assert at(epoch).between(1, 8) == expected


@given(a=st.floats(0, 50), b=st.floats(0, 50))
def test_a_ramp_never_falls(a: float, b: float) -> None:
    earlier, later = sorted([a, b])
    assert at(earlier).between(3, 11) <= at(later).between(3, 11)


@pytest.mark.parametrize(("epoch", "expected"), [(2.9, 0), (3, 1), (3.1, 1)])
def test_a_ramp_without_length_is_a_step(epoch: float, expected: float) -> None:
    assert at(epoch).between(3, 3) == expected


def test_when_training_is_finished_every_ramp_is_over() -> None:
    assert Progress.finished().between(0, 1e9) == 1
    assert Progress.finished().between(5, 5) == 1


def test_a_ramp_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="the end of a ramp, 2, lies before its start, 5"):
        at(0).between(5, 2)
