"""Overlap of objects and segments against plain loops, and by hand."""

from itertools import permutations

import pytest
import torch

from objcentric_metrics.overlap import Mbo, Miou, best_matching


@pytest.fixture
def segmented(judged):
    """One image of rows of pixels, 0 for the background."""

    def make(true, found, slots=3):
        masks = torch.nn.functional.one_hot(torch.tensor([[found]]), slots + 1).movedim(-1, 1)
        return judged(masks=masks.float(), segmentation=torch.tensor([[true]], dtype=torch.uint8))

    return make


def test_by_hand(segmented, figure_of):
    # IoU: object 1 has 2/3 with slot 1; object 2 has 1/4 with slot 1 and 1/3 with slot 2.
    batch = segmented([0, 1, 1, 2, 2, 0], [0, 1, 1, 1, 2, 2])
    assert figure_of(Mbo(), batch) == pytest.approx((2 / 3 + 1 / 3) / 2)
    assert figure_of(Miou(), batch) == pytest.approx((2 / 3 + 1 / 3) / 2)


def test_objects_may_share_a_segment_only_in_mbo(segmented, figure_of):
    batch = segmented([0, 1, 1, 2, 2], [0, 1, 1, 1, 1])
    assert figure_of(Mbo(), batch) == 0.5
    assert figure_of(Miou(), batch) == 0.25


def test_the_found_background_is_no_segment_of_an_object(segmented, figure_of):
    batch = segmented([0, 1, 1, 2, 2], [3, 0, 0, 2, 2])
    assert figure_of(Mbo(), batch) == 0.5
    assert figure_of(Miou(), batch) == 0.5


def test_a_slot_too_many_costs_nothing(segmented, figure_of):
    batch = segmented([0, 0, 1, 1], [2, 3, 1, 1])
    assert figure_of(Mbo(), batch) == figure_of(Miou(), batch) == 1.0


def test_objects_without_a_pixel_do_not_count(segmented, figure_of):
    batch = segmented([0, 0, 3, 3], [0, 0, 1, 1])
    assert figure_of(Mbo(), batch) == figure_of(Miou(), batch) == 1.0


def test_every_image_with_objects_counts_the_same(segmented, figure_of):
    scenes = (
        segmented([1, 1, 2, 2], [1, 1, 0, 0]),  # 1/2
        segmented([1, 1, 0, 0], [0, 0, 0, 0]),  # 0
        segmented([0, 0, 0, 0], [1, 2, 3, 0]),  # left out
    )
    for metric in (Mbo(), Miou()):
        assert figure_of(metric, *scenes) == 0.25
        assert figure_of(metric, scenes[2]) is None


def iou(one, other):
    return (one & other).sum().item() / (one | other).sum().item()


def test_random_masks_score_as_plain_loops_have_it(judged, figure_of):
    masks, true = torch.rand(15, 5, 6, 7), torch.randint(0, 4, (15, 6, 7))
    best, matched = [], []
    for segments, objects in zip(masks.argmax(1), true, strict=True):
        ious = [[iou(objects == m, segments == k) for k in range(1, 5)] for m in range(1, 4)]
        best.append(sum(max(row) for row in ious) / 3)
        matched.append(
            max(sum(ious[m][k] for m, k in enumerate(ks)) for ks in permutations(range(4), 3)) / 3
        )
    batch = judged(masks=masks, segmentation=true.to(torch.uint8))
    assert figure_of(Mbo(), batch) == pytest.approx(sum(best) / 15)
    assert figure_of(Miou(), batch) == pytest.approx(sum(matched) / 15)


def test_the_best_matching_is_not_the_greedy_one():
    # The best pair, 0.9, would leave 0 for the other object.
    scores = torch.tensor([[[0.9, 0.8], [0.7, 0.0]]])
    assert best_matching(scores).item() == pytest.approx(1.5)
