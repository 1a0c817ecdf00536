"""Where slots start."""

import pytest
import torch

from objcentric_slots.slot_starts import FurthestStart, GaussianStart

STARTS = {
    "shared": lambda slots=4: GaussianStart(slots, 8, own=False),
    "own": lambda slots=4: GaussianStart(slots, 8, own=True),
    "furthest": lambda slots=4: FurthestStart(slots, 8),
}
every_start = pytest.mark.parametrize("make", STARTS.values(), ids=STARTS)


@every_start
def test_inference_starts_the_same_every_time_and_training_does_not(make):
    start, tokens = make(), torch.randn(8, 50, 8)
    look = torch.rand(8, 50, 3), torch.rand(50, 2)
    assert start(tokens, *look, True).equal(start(tokens, *look, True))
    assert not start(tokens, *look, False).equal(start(tokens, *look, False))


@every_start
def test_the_start_learns(make):
    start = make()
    look = torch.rand(2, 9, 3), torch.rand(9, 2)
    start(torch.randn(2, 9, 8), *look, True).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in start.parameters())


@pytest.mark.parametrize(("kind", "grows"), [("shared", True), ("own", False), ("furthest", True)])
def test_only_starts_of_their_own_tie_the_weights_to_the_number_of_slots(kind, grows):
    shapes = [{k: v.shape for k, v in STARTS[kind](n).state_dict().items()} for n in (3, 6)]
    assert (shapes[0] == shapes[1]) is grows


def test_furthest_takes_one_token_of_each_colour():
    sizes = torch.tensor([40, 5, 5, 5])  # the first is the background
    colors = torch.eye(4).repeat_interleave(sizes, dim=0) + 0.01 * torch.randn(55, 4)
    tokens = torch.eye(8)[:4].repeat_interleave(sizes, dim=0)
    places = torch.zeros(55, 2)
    for calm in (True, False):
        found = FurthestStart(4, 8)(tokens.unsqueeze(0), colors.unsqueeze(0), places, calm)[0, 1:]
        assert sorted(found.argmax(-1).tolist()) == [1, 2, 3]


def test_furthest_takes_objects_of_one_colour_by_place_and_never_the_background():
    places = torch.cartesian_prod(torch.linspace(0, 1, 9), torch.linspace(0, 1, 9))  # (81, 2)
    objects = torch.tensor([20, 24, 60])  # in the middle of the canvas; corners are further apart
    colors = torch.zeros(1, 81, 3).index_fill(1, objects, 1.0)
    tokens = torch.zeros(81, 81).fill_diagonal_(1.0)
    for calm in (True, False):
        found = FurthestStart(4, 81)(tokens.unsqueeze(0), colors, places, calm)[0, 1:]
        assert sorted(found.argmax(-1).tolist()) == objects.tolist()


def test_furthest_does_not_depend_on_the_order_of_tokens():
    start, tokens = FurthestStart(4, 8), torch.randn(2, 30, 8)
    colors, places = torch.rand(2, 30, 3), torch.rand(30, 2)
    torch.testing.assert_close(
        start(tokens.flip(1), colors.flip(1), places.flip(0), True),
        start(tokens, colors, places, True),
    )


def test_one_slot_alone_is_the_background():
    start = FurthestStart(1, 8)
    found = start(torch.randn(2, 9, 8), torch.rand(2, 9, 3), torch.rand(9, 2), True)
    assert found.equal(start.background.expand(2, 1, 8))
