"""Which of several proposals for one object stands."""

import pytest
import torch

from objcentric_schedulers.suppression import NEVER, suppressed, within

DISTANCE = torch.tensor([0.2, 0.2])


def test_only_the_surest_of_rivals_stands_and_it_is_as_sure_as_all_together() -> None:
    logits = torch.tensor([[0.0, -1.0, 1.0, 0.5]])
    # The first is near the second and the third, which are not near each other.
    places = torch.tensor([[[0.0, 0.0], [-0.15, 0.0], [0.15, 0.0], [0.8, 0.8]]])
    after = suppressed(logits, within(places, DISTANCE))
    p = torch.sigmoid(logits[0])
    together = torch.logit(1 - (1 - p[0]) * (1 - p[2])).item()
    # The third stands and the first gives way to it, so the second has no rival any more.
    torch.testing.assert_close(after, torch.tensor([[NEVER, -1.0, together, 0.5]]))


def test_proposals_far_from_each_other_stay_as_they_are() -> None:
    logits = torch.linspace(-12, 12, 9).unsqueeze(0)
    near = torch.eye(9, dtype=torch.bool).unsqueeze(0)
    torch.testing.assert_close(suppressed(logits, near), logits)


def test_of_equals_one_stands() -> None:
    logits = torch.zeros(2, 3)
    after = suppressed(logits, torch.ones(2, 3, 3, dtype=torch.bool))
    assert (after > NEVER).sum(1).tolist() == [1, 1]
    torch.testing.assert_close(torch.sigmoid(after).amax(1), torch.tensor([0.875, 0.875]))


def test_all_proposals_of_an_object_learn_how_sure_it_is() -> None:
    logits = torch.tensor([[0.3, -2.0, 1.0]], requires_grad=True)
    near = torch.ones(1, 3, 3, dtype=torch.bool)
    near[0, 2, :2] = near[0, :2, 2] = False
    suppressed(logits, near)[:, 0].sum().backward()
    assert logits.grad is not None
    assert (logits.grad[0, :2] > 0).all()
    assert logits.grad[0, 2] == 0


@pytest.mark.parametrize("extreme", [-1e4, -90.0, 90.0, 1e4])
def test_extreme_doubt_stays_finite(extreme: float) -> None:
    logits = torch.full((1, 4), extreme, requires_grad=True)
    near = torch.ones(1, 4, 4, dtype=torch.bool)
    after = suppressed(logits, near)
    after.sum().backward()
    assert after.isfinite().all()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()


def test_distance_is_taken_along_x_and_y() -> None:
    places = torch.tensor([[[0.0, 0.0], [0.3, 0.0], [0.0, 0.3]]])
    near = within(places, torch.tensor([0.4, 0.2]))
    assert near[0, 0].tolist() == [True, True, False]
    torch.testing.assert_close(near, near.mT)
