"""Average precision by hand, and against plain loops."""

from fractions import Fraction

import pytest
import torch

from objcentric_metrics.average_precision import (
    THRESHOLDS,
    BoxAp,
    MaskAp,
    average_precision,
    right_detections,
)
from objcentric_metrics.boxes import pairwise_iou


def strip(*ends):
    """Boxes of height 1 from 0 to each end; their IoU is the shorter end by the longer."""
    return torch.tensor([[[0.0, 0.0, end, 1.0] for end in ends]])


@pytest.fixture
def detected(judged):
    def make(found, probs, true, counts=None):
        probs = torch.tensor([probs])
        return judged(
            boxes=found,
            presence_probs=probs,
            presence=probs.round(),
            truth_boxes=true,
            counts=torch.tensor([true.shape[1]] if counts is None else counts),
        )

    return make


def test_a_window_that_fits_by_three_quarters_is_right_up_to_that_threshold(detected, figure_of):
    batch = detected(strip(3), [0.9], strip(4))
    # Right at 0.50, …, 0.70; at 0.75 the IoU is not above.
    assert figure_of(BoxAp(), batch) == pytest.approx(5 / 10)


def test_by_hand_at_eleven_points_and_as_an_area():
    # Four objects; detections right, wrong, right: recalls 1/4, 1/4, 2/4; precisions 1, 1/2, 2/3.
    right = torch.tensor([[True, False, True]])
    # Precision 1 at recalls 0, 0.1, 0.2; 2/3 at 0.3, 0.4, 0.5; 0 at the other five.
    assert average_precision(right, 4, 11).item() == pytest.approx((3 + 3 * 2 / 3) / 11)
    assert average_precision(right, 4, None).item() == pytest.approx((1 + 2 / 3) / 4)


def test_recalls_are_reached_exactly():
    # 3 of 10 objects: 0, 0.1, 0.2 and 0.3. In floating point 3 / 10 < 3 * 0.1.
    right = torch.ones(1, 3, dtype=torch.bool)
    assert average_precision(right, 10, 11).item() == pytest.approx(4 / 11)


def test_without_detections_the_figure_is_0_and_without_objects_there_is_none(detected, figure_of):
    for points in (11, None):
        metric = BoxAp(points=points)
        assert figure_of(metric, detected(strip(3), [0.4], strip(3))) == 0.0
        assert figure_of(metric, detected(strip(3), [0.9], strip(3), [0])) is None


def test_only_the_most_confident_detection_of_an_object_is_right():
    iou = torch.tensor([[[0.6, 0.0], [0.9, 0.0], [0.9, 0.0]]])
    right = right_detections(iou, torch.tensor([[True, True, True]]))[:, 0]
    assert right[0].tolist() == [True, False, False]  # IoU 0.5
    assert right[4].tolist() == [False, True, False]  # 0.7: the first one is no detection of it
    assert right[9].tolist() == [False, False, False]  # 0.95


def test_confidence_compares_between_images(detected, figure_of):
    sure_and_wrong = detected(strip(1), [0.9], strip(9))
    unsure_and_right = detected(strip(9), [0.6], strip(9))
    figure = figure_of(BoxAp(points=None), sure_and_wrong, unsure_and_right)
    assert figure == pytest.approx(0.5 * 0.5)  # precision 1/2 from recall 0 to 1/2
    other_way_round = figure_of(BoxAp(points=None), unsure_and_right, sure_and_wrong)
    assert other_way_round == figure


def plain_ap(found, confidence, true, counts, points):
    """As the definition has it, one detection at a time."""
    average = 0.0
    for threshold in THRESHOLDS:
        detections = []
        for boxes, probs, objects, count in zip(found, confidence, true, counts, strict=True):
            taken = set()
            for slot in sorted(range(len(boxes)), key=lambda k: -probs[k]):
                if probs[slot] <= 0.5:
                    continue
                ious = pairwise_iou(boxes[None, slot : slot + 1], objects[None])[0, 0].tolist()
                own = max(range(count), key=lambda m: ious[m]) if count else None
                right = own is not None and ious[own] > threshold and own not in taken
                if right:
                    taken.add(own)
                detections.append((probs[slot].item(), right))
        detections.sort(key=lambda detection: -detection[0])
        hits, curve = 0, []
        for number, (_, right) in enumerate(detections, 1):
            hits += right
            curve.append((Fraction(hits, int(counts.sum())), hits / number))
        for i in range(points):
            reached = [p for recall, p in curve if recall >= Fraction(i, points - 1)]
            average += max(reached, default=0.0) / points / len(THRESHOLDS)
    return average


@pytest.mark.parametrize("points", [11, 101])
def test_random_detections_score_as_plain_loops_have_it(judged, figure_of, points):
    n, slots, objects = 40, 5, 3
    corner = torch.rand(n, objects, 2) * 20
    true = torch.cat([corner, corner + 8 + torch.rand(n, objects, 2)], -1).double()
    near = true[:, torch.arange(slots) % objects]
    found = near + torch.randn(n, slots, 4) * torch.rand(n, slots, 1)
    probs, counts = torch.rand(n, slots), torch.randint(0, objects + 1, (n,))
    batch = judged(
        boxes=found, presence_probs=probs, presence=probs.round(), truth_boxes=true, counts=counts
    )
    expected = plain_ap(found, probs, true, counts, points)
    assert 0.1 < expected < 0.9
    assert figure_of(BoxAp(points=points), batch) == pytest.approx(expected, rel=1e-9)


def test_segments_are_detections_like_windows(judged, figure_of):
    found = torch.tensor([[[1, 1, 1, 0, 2, 2]]])
    batch = judged(
        masks=torch.nn.functional.one_hot(found, 3).movedim(-1, 1).float(),
        segmentation=torch.tensor([[[1, 1, 1, 1, 2, 2]]], dtype=torch.uint8),
        presence_probs=torch.tensor([[0.8, 0.9]]),
    )
    # Object 2 always, object 1 by 3/4: both at 5 thresholds, one at the others.
    assert figure_of(MaskAp(points=None), batch) == pytest.approx((5 * 1.0 + 5 * 0.5) / 10)
