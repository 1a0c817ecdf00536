"""Windows against objects."""

import torch

from objcentric.evaluation.box_iou import pairwise_iou
from objcentric.evaluation.matching import matched_sum

YES = torch.tensor([[True, True]])


def matched_iou(found, present, true, exists):
    return matched_sum(pairwise_iou(found, true), present, exists)


def boxes(*rows):
    return torch.tensor([rows], dtype=torch.float32)


def test_iou_of_known_boxes():
    found = boxes([0, 0, 2, 2], [5, 5, 6, 6])
    true = boxes([0, 0, 2, 2], [1, 0, 3, 2], [2, 2, 4, 4])
    expected = torch.tensor([[[1.0, 2 / 6, 0.0], [0.0, 0.0, 0.0]]])
    torch.testing.assert_close(pairwise_iou(found, true), expected)


def test_boxes_without_area_overlap_nothing():
    nothing = boxes([1, 1, 1, 1])
    assert pairwise_iou(nothing, nothing).item() == 0.0


def test_each_object_gets_one_box_whatever_their_order():
    true = boxes([0, 0, 2, 2], [4, 4, 6, 6])
    assert matched_iou(true.flip(1), YES, true, YES).item() == 2.0


def test_two_boxes_on_one_object_count_once():
    found = boxes([0, 0, 2, 2], [0, 0, 2, 2])
    true = boxes([0, 0, 2, 2], [4, 4, 6, 6])
    assert matched_iou(found, YES, true, YES).item() == 1.0


def test_absent_slots_and_absent_objects_do_not_count():
    same = boxes([0, 0, 2, 2], [4, 4, 6, 6])
    first = torch.tensor([[True, False]])
    assert matched_iou(same, first, same, YES).item() == 1.0
    assert matched_iou(same, YES, same, first).item() == 1.0
    assert matched_iou(same, first, same, ~first).item() == 0.0


def test_scenes_of_a_batch_are_matched_apart():
    true = torch.cat([boxes([0, 0, 2, 2], [4, 4, 6, 6]), boxes([9, 9, 10, 10], [0, 0, 1, 1])])
    found = torch.cat([true[:1], true[:1]])
    both = YES.expand(2, 2)
    torch.testing.assert_close(matched_iou(found, both, true, both), torch.tensor([2.0, 0.25]))
