import numpy as np
import pytest

from objcentric_scenes.placement import place_pairs
from objcentric_scenes.randomness import raw_bits

POSITIONS, APART = 26, 12


def allowed(first: int) -> list[int]:
    """The rule, spelled out: every position outside [first - APART, first + APART)."""
    return [p for p in range(POSITIONS) if not first - APART <= p < first + APART]


@pytest.fixture(scope="module")
def placed() -> np.ndarray:
    return place_pairs(raw_bits(0, 0, 200_000, 4), POSITIONS, APART)


def test_there_is_always_room_for_the_second():
    assert min(len(allowed(first)) for first in range(POSITIONS)) == 2


@pytest.mark.parametrize("axis", [0, 1])
def test_the_second_reaches_all_that_the_first_leaves_and_nothing_else(placed, axis):
    reached: dict[int, set[int]] = {first: set() for first in range(POSITIONS)}
    for first, second in np.unique(placed[:, :, axis], axis=0).tolist():
        reached[first].add(second)
    assert {first: sorted(seconds) for first, seconds in reached.items()} == {
        first: allowed(first) for first in range(POSITIONS)
    }


@pytest.mark.parametrize("axis", [0, 1])
def test_both_are_uniform_over_where_they_may_be(placed, axis):
    expected = np.zeros((POSITIONS, POSITIONS))
    for first in range(POSITIONS):
        expected[first, allowed(first)] = 1 / (POSITIONS * len(allowed(first)))
    drawn = np.zeros_like(expected)
    np.add.at(drawn, tuple(placed[:, :, axis].T), 1)
    possible = expected > 0
    n, p = len(placed), expected[possible]
    z = (drawn[possible] - n * p) / np.sqrt(n * p * (1 - p))
    assert np.abs(z).max() < 4.5  # of 300 cells: chance of a false alarm 0.002


def test_x_and_y_are_independent(placed):
    n = len(placed)
    for of_first, of_second in [(0, 0), (0, 1), (1, 1)]:
        r = np.corrcoef(placed[:, of_first, 0], placed[:, of_second, 1])[0, 1]
        assert abs(r) * np.sqrt(n) < 4  # z-score of a correlation
