"""A scene in play: what the player changes, and what is drawn then."""

from dataclasses import replace

import pytest
import torch

from objcentric.play.changed_board import changed_board
from objcentric.play.count import count_in_words, count_probability
from objcentric.play.played import Played
from objcentric.play.slot_sliders import code_sliders, place_sliders
from objcentric.play.step_views import step_views


def test_a_scene_without_changes_has_the_canvas_that_was_inferred(played):
    redrawn = played.with_presence(0, True).canvas()
    torch.testing.assert_close(redrawn, played.drawn_with(torch.ones(1, 2))[0])
    assert played.as_found().canvas() is not redrawn


def test_a_window_moves_to_where_it_is_dragged_and_the_canvas_follows(played):
    moved = played.with_box(0, (8.0, 7.0, 12.0, 11.0))
    torch.testing.assert_close(
        moved.changed.boxes[0, 0], torch.tensor([8.0, 7.0, 12.0, 11.0]), atol=1e-2, rtol=0
    )
    torch.testing.assert_close(moved.changed.boxes[0, 1], played.found.boxes[0, 1])
    assert (moved.canvas() - played.with_presence(0, True).canvas()).abs().max() > 1e-3
    assert moved.as_found().changed is played.found


def test_a_code_and_a_place_change_one_coordinate_of_one_slot(played):
    coded = played.with_code(1, 2, 7.0).changed.slots - played.found.slots
    assert coded.nonzero().tolist() == [[0, 1, 2]]
    placed = played.with_place(1, 0, 0.75).changed.where
    assert placed[0, 1, 0] == 0.75
    assert torch.equal(placed[0, 0], played.found.where[0, 0])
    assert (played.with_code(0, 0, 7.0).canvas() - played.found.canvas[0]).abs().max() > 1e-3


def test_an_absent_slot_is_not_drawn(played):
    nothing = played.with_presence(0, False).with_presence(1, False)
    assert nothing.canvas().abs().max() == 0
    assert [w["slot"] for w in changed_board(nothing, 1)["windows"]] == [1]  # the chosen one


def test_steps_add_their_objects_to_the_canvas_one_after_the_other(played):
    first, second = step_views(played)
    assert (first.name, second.name) == ("step 1", "step 2")
    assert first.present
    assert first.probability.endswith("%")
    assert first.box is not None
    assert len({first.so_far, second.so_far, first.seen}) == 3
    assert "an object" in first.said


def test_absent_steps_are_shown_of_few_slots_and_left_out_of_many(trained, scene):
    for slots, shown in ((2, 2), (9, 0)):
        played = Played.of(trained(f"model.objects={slots}"), scene)
        nothing = replace(played.found, presence=0 * played.found.presence)
        steps = step_views(replace(played, found=nothing))
        assert len(steps) == shown
        assert not any(step.present for step in steps)


def test_the_probability_of_a_count_follows_from_ordered_and_from_independent_presence(
    trained, monkeypatch
):
    model = trained().scene_model
    present = torch.tensor([0.9, 0.3])
    for offers, expected in (
        ({"ordered presence"}, [0.1, 0.6, 0.3]),
        ({"independent presence"}, [0.07, 0.66, 0.27]),
    ):
        monkeypatch.setattr(type(model.scheduler), "offers", frozenset(offers))
        found = [count_probability(model, present, n) for n in range(3)]
        assert found == pytest.approx(expected)
    monkeypatch.setattr(type(model.scheduler), "offers", frozenset())
    assert count_probability(model, present, 1) is None


def test_the_count_is_said_in_words(played):
    assert count_in_words(played).startswith("2 objects found")


def test_sliders_reach_as_far_as_what_was_found(played):
    (code, *_), (place, *_) = code_sliders(played, 0), place_sliders(played, 0)
    assert (code.name, place.name) == ("code 1", "x")
    far = played.with_code(0, 0, 50.0).with_place(0, 0, -50.0)
    for sliders in (code_sliders(far, 0), place_sliders(far, 0)):
        assert all(each.low <= each.value <= each.high for each in sliders)


def test_a_model_without_windows_that_cannot_redraw_shows_what_its_slots_explain(
    played, monkeypatch
):
    monkeypatch.setattr(type(played.model), "abilities", frozenset())
    found = replace(played.found, boxes=None, where=None)
    bare = replace(played, found=found, changed=found)
    first = step_views(bare)[0]
    assert first.box is None
    assert (first.name, first.probability, first.said) == ("slot 1", "", "slot 1")
    assert place_sliders(bare, 0) == ()
    assert changed_board(bare, 0)["windows"] == []
    assert "does not decide" in count_in_words(bare)
    everything = bare.drawn_with(torch.ones(1, 2))[0]
    torch.testing.assert_close(everything, found.canvas[0])
