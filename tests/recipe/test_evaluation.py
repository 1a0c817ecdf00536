"""The evaluation section: metrics and a goal."""

from pathlib import Path

import pytest

from objcentric.recipe import RecipeError, load
from objcentric.recipe.evaluation_recipe import Goal
from objcentric.registry import Registry

TOYS = Path(__file__).parents[1] / "toys" / "toy.py"


@pytest.fixture
def alone(monkeypatch, write):
    """Loads the toy recipe where nothing but the toys is installed."""
    monkeypatch.setattr("objcentric.registry.registry.installed_sources", list)
    registry = Registry.discover([TOYS])
    write("toy.yaml")
    return lambda *overrides: load("toy.yaml", overrides, registry)


def keys(recipe):
    return [metric.key for metric in recipe.evaluation.build()]


def problem(toy, *overrides):
    with pytest.raises(RecipeError) as error:
        toy(*overrides)
    (found,) = error.value.problems
    return str(found)


@pytest.mark.parametrize("overrides", [(), ("evaluation.metrics=auto",), ("evaluation={}",)])
def test_a_recipe_that_lists_no_metrics_gets_all_customary_ones_by_name(alone, overrides):
    evaluation = alone(*overrides).evaluation
    assert evaluation.automatic
    assert keys(alone(*overrides)) == ["toy_accuracy", "toy_best"]


def test_the_text_of_a_recipe_says_auto_and_the_goal_that_it_means(alone):
    assert alone().plain()["evaluation"] == {
        "metrics": "auto",
        "goal": {"metric": "toy_accuracy", "at_least": 0.9},
    }


def test_listed_metrics_keep_their_order_and_options(alone):
    recipe = alone("evaluation.metrics=[toy_best, {use: toy_error, samples: 7}]")
    assert not recipe.evaluation.automatic
    assert keys(recipe) == ["toy_best", "toy_error_7"]
    assert recipe.plain()["evaluation"]["metrics"] == [
        {"use": "toy.toy_best"},
        {"use": "toy.toy_error", "samples": 7},
    ]


def test_a_recipe_without_a_goal_has_that_of_the_first_metric_that_sets_one(alone):
    recipe = alone("evaluation.metrics=[toy_best, toy_error, toy_accuracy]")
    assert recipe.evaluation.goal == Goal("toy_error_1", 0.5, "at_most")


def test_a_goal_of_null_is_none(alone):
    assert alone("evaluation.goal=null").evaluation.goal is None


def test_a_goal_that_is_written_replaces_the_customary_one(alone):
    recipe = alone("evaluation.goal={metric: toy_best, at_most: 3}")
    assert recipe.evaluation.goal == Goal("toy_best", 3.0, "at_most")


def test_a_written_recipe_means_the_same_again(alone, write):
    recipe = alone("evaluation={metrics: [{use: toy_error, samples: 7}], goal: null}")
    write("toy.yaml", recipe.to_yaml())
    assert alone() == recipe


def test_where_no_metric_is_installed_recipes_load(alone, monkeypatch):
    monkeypatch.setattr("objcentric.registry.registry.Registry.components", lambda *_: [])
    evaluation = alone().evaluation
    assert (evaluation.metrics, evaluation.goal) == ((), None)


@pytest.mark.parametrize(
    ("evaluation", "message"),
    [
        ("3", "evaluation: expected metrics and a goal, got 3"),
        ("{metric: []}", "evaluation.metric: unknown key 'metric'; did you mean 'metrics'?"),
        ("{metrics: all}", 'evaluation.metrics: expected `auto` or a list of metrics, got "all"'),
        ("{metrics: [toy_bst]}", "evaluation.metrics[0]: there is no metric 'toy_bst'; did you"),
        (
            "{metrics: [toy_best, toy_best]}",
            "evaluation.metrics[1]: another metric of this recipe has the same key, 'toy_best'",
        ),
        (
            "{metrics: [{use: toy_error, samples: 101}]}",
            "evaluation.metrics[0]: toy.toy_error refuses its options: 101 samples",
        ),
        (
            "{goal: {metric: toy_bst, at_least: 1.0}}",
            "evaluation.goal.metric: this recipe has no metric 'toy_bst'; did you mean 'toy_best'?",
        ),
        (
            "{goal: {metric: toy_best}}",
            "evaluation.goal: expected either at_least or at_most",
        ),
        (
            "{goal: {metric: toy_best, at_least: 1.0, at_most: 2.0}}",
            "evaluation.goal: expected either at_least or at_most",
        ),
    ],
)
def test_an_evaluation_that_cannot_be_is_refused(alone, evaluation, message):
    assert problem(alone, f"evaluation={evaluation}").startswith(f"command line: {message}")


@pytest.mark.parametrize(
    ("goal", "figure", "reached"),
    [
        (Goal("a", 0.98), 0.98, True),
        (Goal("a", 0.98), 0.97, False),
        (Goal("a", 3.0, "at_most"), 3.0, True),
        (Goal("a", 3.0, "at_most"), 4.0, False),
        (Goal("a", 0.0), None, False),
    ],
)
def test_a_goal_is_reached_at_its_threshold(goal, figure, reached):
    assert goal.reached(figure) is reached
