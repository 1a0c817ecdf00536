"""Counts found against counts there are."""

import pytest
import torch
from sklearn.metrics import confusion_matrix

from objcentric.interfaces import Truth
from objcentric_metrics.counting import Confusion, CountAccuracy, SlotUsage

# Two slots; 0, 1, 2, 2 objects found where there are 0, 1, 1, 2.
PRESENCE = torch.tensor([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
COUNTS = torch.tensor([0, 1, 1, 2])


@pytest.fixture
def scenes(judged):
    def make(part=slice(None), **truth):
        return judged(
            presence=PRESENCE[part],
            counts=COUNTS[part],
            **{name: value[part] for name, value in truth.items()},
        )

    return make


def test_count_accuracy_is_the_share_of_scenes_with_the_right_count(scenes, figure_of):
    assert figure_of(CountAccuracy(), scenes()) == 0.75
    assert CountAccuracy().show(0.9975) == "99.75%"


def test_count_accuracy_is_the_mean_of_what_training_shows():
    right = CountAccuracy().while_training(PRESENCE, Truth(counts=COUNTS))
    assert right.tolist() == [1.0, 1.0, 0.0, 1.0]


def test_confusion_has_true_counts_in_rows_and_found_counts_in_columns(scenes, figure_of):
    table = figure_of(Confusion(), scenes())
    assert table == [[1, 0, 0], [0, 1, 1], [0, 0, 1]]
    found = PRESENCE.sum(-1).long()
    assert table == confusion_matrix(COUNTS, found, labels=[0, 1, 2]).tolist()
    assert Confusion().show(table) == "1, 0, 0 | 0, 1, 1 | 0, 0, 1"


def test_confusion_has_a_row_for_every_count_that_a_scene_can_hold(scenes, figure_of):
    table = figure_of(Confusion(), scenes(truth_boxes=torch.zeros(4, 3, 4)))
    assert table == [[1, 0, 0], [0, 1, 1], [0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize("first", [1, 3])
def test_confusion_without_boxes_grows_with_the_largest_count(scenes, figure_of, first):
    parts = scenes(slice(first)), scenes(slice(first, None))
    whole = figure_of(Confusion(), scenes())
    assert figure_of(Confusion(), *parts) == whole
    assert figure_of(Confusion(), *reversed(parts)) == whole


def test_slot_usage_is_the_share_of_scenes_for_each_slot(scenes, figure_of):
    usage = figure_of(SlotUsage(), scenes())
    assert usage == [0.75, 0.5]
    assert SlotUsage().show(usage) == "75.0%, 50.0%"


@pytest.mark.parametrize("metric", [CountAccuracy(), SlotUsage()])
def test_a_short_last_batch_counts_for_what_it_holds(scenes, figure_of, metric):
    parts = figure_of(metric, scenes(slice(3)), scenes(slice(3, None)))
    assert parts == figure_of(metric, scenes())
