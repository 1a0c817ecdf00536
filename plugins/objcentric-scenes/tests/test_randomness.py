import numpy as np
import pytest

from objcentric_scenes.randomness import integers_below, raw_bits, weighted_choice


def test_the_bits_of_a_seed_never_change():
    assert raw_bits(0, 0, 1, 2).tolist() == [[17394127715520444142, 5835390491061343638]]


def test_more_rows_extend_a_table_without_changing_its_beginning():
    assert np.array_equal(raw_bits(3, 1, 100, 7)[:40], raw_bits(3, 1, 40, 7))


@pytest.mark.parametrize(("seed", "stream"), [(1, 0), (0, 1), (1, 1)])
def test_seeds_and_streams_share_no_numbers(seed, stream):
    assert not np.isin(raw_bits(seed, stream, 1000, 1), raw_bits(0, 0, 1000, 1)).any()


def test_integers_are_uniform_below_their_limit():
    n, limit = 100_000, 7
    drawn = np.bincount(integers_below(limit, raw_bits(0, 0, n, 1)).ravel(), minlength=limit)
    z = (drawn - n / limit) / np.sqrt(n * (1 / limit) * (1 - 1 / limit))
    assert len(drawn) == limit
    assert np.abs(z).max() < 4


def test_the_extreme_bits_give_the_extreme_integers():
    extremes = np.array([0, 2**64 - 1], dtype=np.uint64)
    assert integers_below(2**31, extremes).tolist() == [0, 2**31 - 1]


def test_every_number_may_have_a_limit_of_its_own():
    top = np.full(3, 2**64 - 1, dtype=np.uint64)
    assert integers_below(np.array([1, 5, 9]), top).tolist() == [0, 4, 8]


def test_weights_say_how_often_an_index_is_drawn():
    weights, n = np.array([3, 0, 1, 6]), 100_000
    drawn = np.bincount(weighted_choice(weights.tolist(), raw_bits(0, 0, n, 1)).ravel())
    p = weights / 10
    z = (drawn - n * p)[p > 0] / np.sqrt(n * p * (1 - p))[p > 0]
    assert drawn[1] == 0
    assert np.abs(z).max() < 4
