"""Windows against boxes, and against the ink of objects."""

import pytest
import torch

from objcentric_metrics.boxes import pairwise_iou
from objcentric_metrics.greedy_matching import matched_sum
from objcentric_metrics.ink import ink_enclosed
from objcentric_metrics.windows import BoxIou, InkEnclosed

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


def scene():
    """Object 1 is four bright pixels in a row, object 2 two dim ones; three columns apart."""
    segmentation = torch.zeros(1, 6, 8, dtype=torch.int32)
    segmentation[0, 1, 0:4] = 1
    segmentation[0, 4, 6:8] = 2
    image = torch.where(segmentation == 1, 1.0, torch.where(segmentation == 2, 0.25, 0.0))
    return image.unsqueeze(1), segmentation


def test_a_window_shows_the_share_of_an_object_whose_pixel_centres_it_holds():
    image, segmentation = scene()
    windows = torch.tensor([[[0.0, 0.0, 3.0, 6.0], [2.6, 0.0, 8.0, 6.0], [9.0, 9.0, 12.0, 12.0]]])
    expected = torch.tensor([[[0.75, 0.0], [0.25, 1.0], [0.0, 0.0]]])
    torch.testing.assert_close(ink_enclosed(image, segmentation, windows, 2), expected)


def test_an_object_that_is_not_there_is_shown_by_nothing():
    image, segmentation = scene()
    everything = torch.tensor([[[0.0, 0.0, 8.0, 6.0]]])
    assert ink_enclosed(image, segmentation, everything, 3)[0, 0].tolist() == [1.0, 1.0, 0.0]


@pytest.fixture
def two_scenes(judged):
    """Two objects with one window on the bright one, then one object that no window is on."""
    image, segmentation = scene()
    true = boxes([0, 1, 4, 2], [6, 4, 8, 5])
    found = torch.tensor([[[0.0, 1.0, 3.0, 2.0], [6.0, 4.0, 8.0, 5.0]]])

    def make(counts=(2, 1)):
        return judged(
            torch.cat([image, image]),
            boxes=torch.cat([found, found]),
            presence=torch.tensor([[1.0, 0.0], [0.0, 0.0]]),
            truth_boxes=torch.cat([true, true]),
            counts=torch.tensor(counts),
            segmentation=torch.cat([segmentation, segmentation]).to(torch.uint8),
        )

    return make


def test_box_iou_and_ink_enclosed_are_means_over_true_objects(two_scenes, figure_of):
    assert figure_of(BoxIou(), two_scenes()) == pytest.approx(0.75 / 3)
    assert figure_of(InkEnclosed(), two_scenes()) == pytest.approx(0.75 / 3)


def test_without_objects_there_are_no_windows_to_judge(two_scenes, figure_of):
    for metric in (BoxIou(), InkEnclosed()):
        assert figure_of(metric, two_scenes(counts=(0, 0))) is None
        assert metric.show(None) == "–"


def test_ink_enclosed_does_without_boxes(judged, figure_of):
    image, segmentation = scene()
    batch = judged(
        image,
        boxes=boxes([0, 0, 3, 6], [6, 0, 8, 6]),
        counts=torch.tensor([2]),
        segmentation=segmentation.to(torch.uint8),
    )
    assert figure_of(InkEnclosed(), batch) == pytest.approx((0.75 + 1) / 2)
