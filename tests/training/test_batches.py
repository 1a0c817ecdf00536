"""Which scenes each step learns from."""

import pytest

from objcentric.training.batches import epoch_batches


@pytest.mark.parametrize(
    ("scenes", "size", "steps"), [(60, 16, 4), (64, 16, 4), (65, 16, 5), (3, 16, 1), (1, 5, 1)]
)
def test_every_batch_is_full_and_every_scene_is_in_one(scenes, size, steps):
    batches = epoch_batches(1, 0, scenes, size)
    assert batches.shape == (steps, size)
    assert set(batches.flatten().tolist()) == set(range(scenes))


def test_the_last_batch_is_filled_up_with_the_scenes_that_came_first():
    order = epoch_batches(1, 0, 60, 16).flatten().tolist()
    assert sorted(order[:60]) == list(range(60))
    assert order[60:] == order[:4]


def test_no_scene_is_seen_twice_where_batches_come_out_even():
    assert sorted(epoch_batches(1, 0, 64, 16).flatten().tolist()) == list(range(64))


def test_every_epoch_and_every_seed_has_an_order_of_its_own_which_is_the_same_each_time():
    def order(seed, epoch):
        return epoch_batches(seed, epoch, 60, 16).tolist()

    assert order(1, 0) == order(1, 0)
    assert order(1, 0) != order(1, 1)
    assert order(1, 0) != order(2, 0)
