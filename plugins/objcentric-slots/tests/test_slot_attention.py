"""Slot Attention as a scheduler."""

import pytest
import torch

every_start = pytest.mark.parametrize("start", ["shared", "own", "furthest"])


@every_start
def test_inference_is_deterministic_and_training_is_not(build, slots_of, image, start):
    scheduler = build(start=start)
    assert slots_of(scheduler, image).equal(slots_of(scheduler, image))
    one, two = (slots_of(scheduler, image, calm=False) for _ in range(2))
    assert not one.equal(two)


@pytest.mark.parametrize("start", ["shared", "furthest"])
def test_more_slots_take_the_same_weights(build, slots_of, image, start):
    few, many = build(2, start=start), build(5, start=start)
    many.load_state_dict(few.state_dict())
    assert slots_of(many, image).shape == (2, 5, 8)


def test_starts_of_their_own_refuse_more_slots(build):
    with pytest.raises(RuntimeError, match="size mismatch"):
        build(5, start="own").load_state_dict(build(2, start="own").state_dict())


@every_start
def test_scenes_of_a_batch_do_not_see_each_other(build, slots_of, image, start):
    scheduler = build(start=start)
    alone = torch.cat([slots_of(scheduler, one.unsqueeze(0)) for one in image])
    torch.testing.assert_close(slots_of(scheduler, image), alone)


@every_start
@pytest.mark.parametrize("implicit", [True, False])
def test_every_weight_learns(build, slots_of, image, start, implicit):
    scheduler = build(start=start, implicit=implicit)
    slots_of(scheduler, image, calm=False).square().sum().backward()
    silent = [n for n, p in scheduler.named_parameters() if p.grad is None or not p.grad.any()]
    assert silent == []


@pytest.mark.parametrize(
    ("options", "slots"), [({"kernel": 4}, 3), ({"layer_kernel": 2}, 3), ({}, 65)]
)
def test_even_kernels_and_too_many_slots_are_refused(build, options, slots):
    with pytest.raises(ValueError, match="odd and slots at most 64"):
        build(slots, **options)
