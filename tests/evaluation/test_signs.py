"""Signs of a stuck run, on a model that finds what it is told."""

from collections.abc import Collection
from typing import Any

import pytest
import torch
from torch import Tensor

from objcentric.evaluation.evaluate import evaluate
from objcentric.evaluation.signs import SIGNS, Sign
from objcentric.interfaces import Inference, Objective, SceneModel, Scenes
from objcentric.progress import Progress

SIDE = 20
CPU = torch.device("cpu")
CORNER, BESIDE, OPPOSITE = [0.0, 0, 8, 8], [1.0, 0, 9, 8], [12.0, 12, 20, 20]
GONE = [40.0, 0, 48, 8]


class Finds(SceneModel):
    """Finds the same in every image.

    Args:
        presence: which slots are present.
        boxes: the slots' windows.
        drawn: which slots draw what is in their windows; the others leave it to the background.
        abilities: what it says that it can do.
    """

    def __init__(
        self,
        presence: list[float],
        boxes: list[list[float]],
        drawn: list[bool] | None = None,
        abilities: Collection[Any] = ("presence", "boxes"),
    ) -> None:
        super().__init__()
        self.presence, self.boxes = torch.tensor(presence).float(), torch.tensor(boxes)
        self.drawn = drawn or [found > 0 for found in presence]
        self.able = frozenset(abilities)

    @property
    def abilities(self) -> frozenset[Any]:
        return self.able

    def objective(self, image: Tensor, progress: Progress) -> Objective:
        raise NotImplementedError

    def infer(self, image: Tensor) -> Inference:
        n, k = len(image), len(self.presence)
        masks = torch.zeros(n, k + 1, SIDE, SIDE)
        masks[:, 0] = 0.5
        canvas = torch.zeros_like(image)
        for slot, (x0, y0, x1, y1) in enumerate(self.boxes.long().tolist()):
            if self.drawn[slot]:
                masks[:, slot + 1, y0:y1, x0:x1] = 1.0 + slot
                canvas[..., y0:y1, x0:x1] = image[..., y0:y1, x0:x1]
        presence = self.presence.expand(n, -1)
        slots, boxes = torch.zeros(n, k, 1), self.boxes.expand(n, -1, -1)
        return Inference(presence, presence, slots, canvas, masks / masks.sum(1, True), boxes)


def scenes(*places: list[float], empty: int = 0, colors: int = 1) -> Scenes:
    """Four scenes with white squares in these places, and some that are empty."""
    images = torch.zeros(4 + empty, colors, SIDE, SIDE, dtype=torch.uint8)
    for x0, y0, x1, y1 in places:
        images[:4, :, int(y0) : int(y1), int(x0) : int(x1)] = 255
    return Scenes(images=images, sha256="")


def figures(model: SceneModel, judged: Scenes, size: int = 3) -> dict[str, Any]:
    found = evaluate(model, judged, SIGNS, CPU, batch_size=size)
    return {key.removeprefix("signs."): value for key, value in found.items()}


def seen(model: SceneModel, judged: Scenes) -> set[str]:
    """The signs that are seen."""
    found = figures(model, judged)
    return {sign.name for sign in SIGNS if sign.seen(found.get(sign.name))}


TWO = scenes(CORNER, OPPOSITE)


def test_a_model_that_finds_each_object_once_shows_no_sign():
    model = Finds([1, 1, 0], [CORNER, OPPOSITE, GONE])
    assert seen(model, TWO) == set()
    assert figures(model, TWO) == {
        "no_objects": 0.0,
        "always_all": None,
        "shared_objects": 0.0,
        "off_canvas": 0.0,
    }


def test_no_objects_in_scenes_that_are_not_empty():
    model = Finds([0, 0], [CORNER, OPPOSITE])
    assert seen(model, TWO) == {"no_objects"}
    assert seen(model, scenes(CORNER, empty=5, colors=3)) == {"no_objects"}


def test_no_objects_in_empty_scenes_are_right():
    model = Finds([0, 0], [CORNER, OPPOSITE])
    assert figures(model, scenes(empty=3))["no_objects"] is None
    assert seen(model, scenes(empty=3)) == set()


def test_no_objects_are_right_where_the_background_explains_the_scene():
    model = Finds([0, 0], [CORNER, OPPOSITE], drawn=[True, True])
    assert figures(model, TWO)["no_objects"] == 0.0


def test_all_slots_present_though_one_explains_nothing():
    model = Finds([1, 1, 1], [CORNER, OPPOSITE, [12, 0, 20, 8]], drawn=[True, True, False])
    assert seen(model, TWO) == {"always_all"}


def test_all_slots_present_even_in_empty_scenes():
    model = Finds([1, 1], [CORNER, OPPOSITE], drawn=[False, False])
    assert seen(model, scenes(empty=3)) == {"always_all"}


def test_all_slots_present_are_right_where_every_scene_has_as_many_objects():
    assert seen(Finds([1, 1], [CORNER, OPPOSITE]), TWO) == set()


def test_one_object_in_two_slots():
    model = Finds([1, 1, 0], [CORNER, BESIDE, OPPOSITE])
    assert seen(model, scenes(CORNER)) == {"shared_objects"}


def test_windows_that_touch_or_overlap_a_little_are_no_sign():
    model = Finds([1, 1, 0], [CORNER, [5.0, 0, 13, 8], OPPOSITE])
    assert figures(model, TWO)["shared_objects"] == 0.0


def test_absent_slots_may_lie_on_each_other():
    model = Finds([1, 0, 0], [CORNER, CORNER, CORNER])
    assert figures(model, scenes(CORNER))["shared_objects"] is None


def test_windows_off_the_canvas():
    model = Finds([1, 1, 0], [GONE, [-30.0, -30, -20, -20], CORNER], drawn=[False] * 3)
    assert "off_canvas" in seen(model, TWO)


@pytest.mark.parametrize("window", [[-3.0, -3, 5, 20], [-15.0, -15, 35, 35], [-10.0, 0, 20, 20]])
def test_windows_that_cross_or_exceed_the_canvas_are_no_sign(window):
    model = Finds([1, 0], [window, GONE], drawn=[False, False])
    assert figures(model, TWO)["off_canvas"] == 0.0


def test_absent_slots_may_be_anywhere():
    model = Finds([0, 0], [GONE, GONE])
    assert figures(model, TWO)["off_canvas"] is None


def test_a_model_without_presence_shows_no_sign():
    for abilities in ((), ("boxes",)):
        model = Finds([1, 1], [GONE, GONE], drawn=[False, False], abilities=abilities)
        assert figures(model, TWO) == {}


def test_a_model_without_windows_shows_no_sign_of_windows():
    model = Finds([1, 1], [CORNER, CORNER], abilities=("presence",))
    assert figures(model, TWO).keys() == {"no_objects", "always_all"}


def test_a_model_with_one_slot_has_no_pairs():
    assert figures(Finds([1], [CORNER]), TWO)["shared_objects"] is None


@pytest.mark.parametrize("size", [1, 3, 100])
def test_however_scenes_are_batched_the_figures_are_the_same(size):
    model = Finds([1, 1, 1], [CORNER, BESIDE, GONE], drawn=[True, True, False])
    judged = scenes(CORNER, empty=3)
    assert figures(model, judged, size) == figures(model, judged)


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_a_figure_that_is_not_there_shows_no_sign(sign: Sign):
    assert not sign.seen(None)
    assert sign.seen(1.0)
    assert not sign.seen(0.0)
