"""A linear probe for the class of objects."""

import pytest
import torch
from torch.nn.functional import one_hot

from objcentric_metrics.greedy_matching import matched_slots
from objcentric_metrics.slot_class import SlotClass

CLASSES = 4
SCENES = 200
BOXES = torch.tensor([[0.0, 0.0, 2.0, 2.0], [4.0, 4.0, 6.0, 6.0]])
CROSSED = BOXES.flip(0)
YES = torch.tensor([[True, True]])


@pytest.fixture
def labels():
    return torch.randint(0, CLASSES, (SCENES, 2), generator=torch.Generator().manual_seed(0))


@pytest.fixture
def found(judged):
    """Two objects per scene; slot k has the window of object 1 - k, unless `windows` are given."""

    def make(slots, labels, windows=CROSSED, presence=(1.0, 1.0)):
        n = len(labels)
        return judged(
            boxes=windows.expand(n, -1, -1),
            slots=slots,
            presence=torch.tensor(presence).expand(n, -1),
            truth_boxes=BOXES.expand(n, -1, -1),
            labels=labels,
        )

    return make


def told(labels):
    """Slots that say the class of the object that they are on, by a 1 in its place."""
    return one_hot(labels.clamp(min=0).flip(1), CLASSES).float()


def test_slots_that_say_the_class_of_their_object_score_1(found, figure_of, labels):
    assert figure_of(SlotClass(), found(told(labels), labels)) == 1.0


def test_random_slots_score_about_chance(found, figure_of, labels):
    slots = torch.randn(SCENES, 2, CLASSES, generator=torch.Generator().manual_seed(1))
    # 200 objects are judged: three standard deviations are 0.09.
    figure = figure_of(SlotClass(), found(slots, labels))
    assert figure == pytest.approx(1 / CLASSES, abs=0.09)


def test_slots_on_the_wrong_objects_do_not_say_their_classes(found, figure_of, labels):
    figure = figure_of(SlotClass(), found(told(labels), labels, windows=BOXES))
    assert figure == pytest.approx(1 / CLASSES, abs=0.09)


def test_an_object_without_a_slot_counts_as_wrong(found, figure_of, labels):
    assert figure_of(SlotClass(), found(told(labels), labels, presence=(1.0, 0.0))) == 0.5
    away = torch.cat([BOXES[1:], BOXES[1:] + 10])
    assert figure_of(SlotClass(), found(told(labels), labels, windows=away)) == 0.5


def test_what_is_no_object_is_not_asked_for(found, figure_of, labels):
    single = torch.stack([labels[:, 0], torch.full((SCENES,), -1)], 1)
    assert figure_of(SlotClass(), found(told(single), single)) == 1.0


def test_the_probe_is_not_judged_on_scenes_that_it_is_fitted_to(found, figure_of, labels):
    # More numbers than objects: any classes can be learned by heart, but say nothing of others.
    slots = torch.randn(SCENES, 2, 300, generator=torch.Generator().manual_seed(2))
    assert figure_of(SlotClass(), found(slots, labels)) < 0.5


def test_with_one_class_to_learn_from_the_probe_knows_no_other(found, figure_of, labels):
    same = torch.zeros_like(labels)
    assert figure_of(SlotClass(), found(told(same), same)) == 1.0
    same[1::2] = 1
    assert figure_of(SlotClass(), found(told(same), same)) == 0.0


def test_without_objects_or_slots_to_judge(found, figure_of, labels):
    none = torch.full_like(labels, -1)
    assert figure_of(SlotClass(), found(told(none), none)) is None
    assert figure_of(SlotClass(), found(told(labels), labels, presence=(0.0, 0.0))) == 0.0


def test_slots_that_are_not_finite_give_a_figure_that_is_not(found, figure_of, labels):
    slots = told(labels)
    slots[3] = float("nan")
    figure = figure_of(SlotClass(), found(slots, labels))
    assert figure != figure


def test_each_object_gets_the_slot_that_is_matched_with_it():
    scores = torch.tensor([[[0.5, 0.9], [0.4, 0.8], [0.0, 0.0]]])
    every = torch.tensor([[True, True, True]])
    assert matched_slots(scores, every, YES).tolist() == [[1, 0]]
    assert matched_slots(scores, ~every, YES).tolist() == [[-1, -1]]
    only_last = torch.tensor([[False, True, True]])
    assert matched_slots(scores, only_last, YES).tolist() == [[-1, 1]]
