"""Metrics of what a model says of each object."""

import pytest
import torch
from torch import Tensor

from objcentric.interfaces import Figure, Inference, Judged, Truth
from objcentric.testing.partners.rectangles import Rectangles
from objcentric_tabletop.object_metrics import ClassAccuracy, PositionError


def judged(
    found: list[list[float]], labels: list[int], presence: list[float], **other: Tensor
) -> Judged:
    """A scene of an object of class 1 at (0, 0) and one of class 2 at (1, 0)."""
    image = torch.zeros(1, 1, 4, 4)
    slots = len(found)
    attributes = {"position": torch.tensor([found]), "label": torch.tensor([labels])}
    truth = {
        "counts": torch.tensor([2]),
        "labels": torch.tensor([[1, 2, -1]]),
        "attributes": {"position": torch.tensor([[[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]])},
    }
    inference = Inference(
        presence=torch.tensor([presence]),
        presence_probs=torch.tensor([presence]),
        slots=torch.zeros(1, slots, 1),
        canvas=image,
        masks=torch.zeros(1, slots + 1, 4, 4),
        attributes=attributes,
    )
    return Judged(Rectangles((1, 4, 4)), image, Truth(**{**truth, **other}), inference)


def figure(metric: ClassAccuracy | PositionError, batch: Judged) -> Figure:
    return metric.figure(metric.measure(batch))


def test_slots_are_matched_with_the_nearest_objects_in_any_order():
    batch = judged([[0.9, 0.0], [0.0, 0.2]], [2, 1], [1.0, 1.0])
    assert figure(ClassAccuracy(), batch) == 1.0
    assert figure(PositionError(), batch) == pytest.approx((0.1 + 0.2) / 2)


def test_a_wrong_class_counts_and_a_position_does_not_care():
    batch = judged([[0.0, 0.0], [1.0, 0.0]], [1, 0], [1.0, 1.0])
    assert figure(ClassAccuracy(), batch) == 0.5
    assert figure(PositionError(), batch) == 0.0


def test_an_object_without_a_slot_has_the_wrong_class_and_no_position():
    batch = judged([[0.1, 0.0], [1.0, 0.0]], [1, 2], [1.0, 0.0])
    assert figure(ClassAccuracy(), batch) == 0.5
    assert figure(PositionError(), batch) == pytest.approx(0.1)


def test_a_surplus_slot_costs_nothing_and_takes_no_object():
    batch = judged([[0.0, 0.0], [1.0, 0.0], [0.05, 0.0]], [1, 2, 0], [1.0, 1.0, 1.0])
    assert figure(ClassAccuracy(), batch) == 1.0
    assert figure(PositionError(), batch) == 0.0


def test_where_positions_are_unknown_there_is_no_figure():
    batch = judged(
        [[0.0, 0.0], [1.0, 0.0]], [1, 2], [1.0, 1.0], attributes={"shade": torch.ones(1, 3)}
    )
    assert figure(ClassAccuracy(), batch) is None
    assert figure(PositionError(), batch) is None


def test_scenes_without_objects_have_no_figure():
    batch = judged([[0.0, 0.0]], [1], [1.0], counts=torch.tensor([0]))
    assert figure(ClassAccuracy(), batch) is None
    assert figure(PositionError(), batch) is None
