"""Warm-up and decay of learning rates."""

import pytest

from objcentric.training.rate_schedule import rate_factor


@pytest.mark.parametrize("epoch", [0.0, 0.5, 10.0])
def test_without_warm_up_and_decay_rates_stay_what_they_are(epoch):
    assert rate_factor(epoch, epochs=10, warmup=0, decay="none") == 1


def test_the_warm_up_rises_linearly_and_then_stays():
    factors = [rate_factor(epoch, epochs=10, warmup=2, decay="none") for epoch in (0, 0.5, 1, 2, 9)]
    assert factors == [0, 0.25, 0.5, 1, 1]


def test_the_cosine_falls_from_the_end_of_the_warm_up_to_the_last_epoch():
    factors = [rate_factor(epoch, epochs=10, warmup=2, decay="cosine") for epoch in (1, 2, 6, 10)]
    assert factors == pytest.approx([0.5, 1, 0.5, 0])


def test_a_training_that_ends_within_its_warm_up_has_no_decay():
    assert rate_factor(1, epochs=1, warmup=1, decay="cosine") == 1
