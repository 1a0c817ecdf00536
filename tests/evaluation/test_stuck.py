"""Signs that last, from the lines of a run."""

from typing import Any

import pytest

from objcentric.evaluation.signs import SIGNS
from objcentric.evaluation.stuck import stuck


def lines(*figures: float | None, every: int = 1) -> list[dict[str, Any]]:
    """Lines of a run with these figures of one sign; those between evaluations have none."""
    found = []
    for number, figure in enumerate(figures, start=1):
        found += [{"epoch": every * (number - 1) + n} for n in range(1, every)]
        found.append({"epoch": every * number, "signs": {"no_objects": figure, "off_canvas": 0.0}})
    return found


def test_a_sign_that_lasts_for_two_evaluations_is_taken_for_one():
    (found,) = stuck(lines(0.0, 0.0, 0.0, 0.97, 1.0, 1.0))
    assert found.plain() == {"sign": "no_objects", "epoch": 5, "figure": 1.0}


def test_a_sign_that_is_seen_once_is_none():
    assert stuck(lines(0, 0, 0, 1.0, 0, 1.0, None, 1.0)) == []


@pytest.mark.parametrize(("seen", "epoch"), [(3, None), (4, 4), (6, 4)])
def test_the_first_two_epochs_do_not_count(seen, epoch):
    found = stuck(lines(*[1.0] * seen))
    assert [each.epoch for each in found] == ([epoch] if epoch else [])


def test_only_evaluations_count_and_not_the_epochs_between_them():
    assert [each.epoch for each in stuck(lines(1.0, 1.0, 1.0, every=5))] == [10]


def test_a_sign_that_comes_again_is_named_once():
    assert [each.epoch for each in stuck(lines(0, 0, 1.0, 1.0, 0, 1.0, 1.0))] == [4]


def test_signs_are_in_the_order_of_their_epochs():
    run = lines(0, 0, 0, 0, 1.0, 1.0)
    for line in run:
        line["signs"]["off_canvas"] = 0.8
    found = [(each.sign.name, each.epoch) for each in stuck(run)]
    assert found == [("off_canvas", 4), ("no_objects", 6)]


def test_runs_of_older_versions_and_models_without_presence_have_no_signs():
    assert stuck([{"epoch": n, "validation": {"mse": 0.1}} for n in range(1, 9)]) == []
    assert stuck([{"epoch": n, "signs": {}} for n in range(1, 9)]) == []


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_a_warning_is_one_line_with_the_figure_and_what_helps(sign):
    run = [{"epoch": n, "signs": {sign.name: 0.96}} for n in (3, 4)]
    (found,) = stuck(run)
    assert found.warning.count("\n") == 0
    assert "warning: " in found.warning
    assert "96.0%" in found.warning
    assert sign.name in found.warning
    assert sign.advice in found.warning
