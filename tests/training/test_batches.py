"""Which scenes each step learns from."""

import pytest
import torch

from objcentric.training.batches import epoch_batches, share_of, steps_per_epoch
from objcentric.training.epoch_tally import EpochTally


@pytest.mark.parametrize(("scenes", "size", "steps"), [(60, 16, 3), (64, 16, 4), (79, 16, 4)])
def test_batches_are_full_and_no_scene_is_seen_twice_in_an_epoch(scenes, size, steps):
    batches = epoch_batches(1, 0, scenes, size)
    assert batches.shape == (steps, size)
    assert steps == steps_per_epoch(scenes, size)
    seen = batches.flatten().tolist()
    assert len(set(seen)) == len(seen)
    assert set(seen) <= set(range(scenes))


def test_scenes_that_fill_no_batch_are_others_in_every_epoch():
    left = [set(range(60)) - set(epoch_batches(1, e, 60, 16).flatten().tolist()) for e in range(9)]
    assert all(len(scenes) == 12 for scenes in left)
    assert set.union(*left) > set.intersection(*left)


@pytest.mark.parametrize(("scenes", "size"), [(3, 16), (1, 5)])
def test_fewer_scenes_than_a_batch_are_repeated(scenes, size):
    (batch,) = epoch_batches(1, 0, scenes, size).tolist()
    assert len(batch) == size
    assert set(batch) == set(range(scenes))


def test_every_epoch_and_every_seed_has_an_order_of_its_own_which_is_the_same_each_time():
    def order(seed, epoch):
        return epoch_batches(seed, epoch, 60, 16).tolist()

    assert order(1, 0) == order(1, 0)
    assert order(1, 0) != order(1, 1)
    assert order(1, 0) != order(2, 0)


def test_the_shares_of_ranks_make_up_every_batch(monkeypatch):
    batches = epoch_batches(seed=1, epoch=0, scenes=70, batch_size=12)
    monkeypatch.setattr("objcentric.training.batches.world_size", lambda: 3)
    shares = []
    for rank in range(3):
        monkeypatch.setattr("objcentric.training.batches.rank", lambda rank=rank: rank)
        shares.append(share_of(batches))
    assert [share.shape for share in shares] == 3 * [(5, 4)]
    assert torch.equal(torch.cat(shares, 1), batches)


def test_one_process_has_all_of_every_batch():
    batches = epoch_batches(seed=1, epoch=0, scenes=70, batch_size=12)
    assert torch.equal(share_of(batches), batches)


def test_a_tally_that_goes_on_counts_once_however_many_ranks_there_are(monkeypatch):
    tally = EpochTally(("loss",), torch.tensor([6.0]), 3)
    assert tally.kept_by_first_rank() is tally
    monkeypatch.setattr("objcentric.training.epoch_tally.rank", lambda: 1)
    other = tally.kept_by_first_rank()
    assert (other.names, other.sums.tolist(), other.images) == (("loss",), [0.0], 0)
