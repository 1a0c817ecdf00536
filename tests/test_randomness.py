"""Where chance comes from."""

import torch

from objcentric.randomness import derived_seed, epoch_order, own_noise
from objcentric.training.epoch_tally import EpochTally

CPU = torch.device("cpu")


def test_an_epoch_visits_every_scene_once_in_an_order_of_its_own():
    orders = [epoch_order(seed, epoch, 50) for seed in (0, 1) for epoch in (0, 1)]
    assert all(order.sort().values.tolist() == list(range(50)) for order in orders)
    assert len({tuple(order.tolist()) for order in orders}) == 4


def test_the_order_of_an_epoch_depends_on_nothing_that_was_drawn_before():
    first = epoch_order(3, 7, 20)
    torch.rand(5)
    assert torch.equal(epoch_order(3, 7, 20), first)


def test_noise_of_its_own_is_the_same_each_time_and_leaves_the_other_as_it_was():
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    with own_noise(0, CPU):
        first = torch.rand(3)
    assert torch.equal(torch.rand(2), expected)
    with own_noise(0, CPU):
        assert torch.equal(torch.rand(3), first)


def test_seeds_for_different_purposes_differ():
    assert len({derived_seed("a", 1), derived_seed("b", 1), derived_seed("a", 2)}) == 3


def test_a_tally_weighs_batches_by_their_images():
    tally = EpochTally()
    for loss, images in ((30.0, 10), (5.0, 5)):
        tally.add({"loss": torch.tensor(loss)})
        tally.count(images)
    assert tally.means() == {"loss": 35 / 15}
