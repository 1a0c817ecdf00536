"""Which arms a comparison has."""

import pytest

from objcentric.errors import ObjcentricError
from objcentric.recipe.problem import RecipeError


def names(plan):
    return [arm.name for arm in plan.arms]


def test_one_at_a_time_is_the_recipe_and_each_alternative(plan_of):
    plan = plan_of("training.lr=0.1,0.2", "likelihood.std=0.5")
    assert names(plan) == ["reference", "training.lr=0.1", "training.lr=0.2", "likelihood.std=0.5"]
    rates = [arm.recipe.training.lr for arm in plan.arms]
    assert rates == [0.01, 0.1, 0.2, 0.01]


def test_all_combinations_are_the_product(plan_of):
    plan = plan_of("training.lr=0.1,0.2", "likelihood.std=0.3,0.5", combine=True)
    assert [
        (arm.recipe.training.lr, arm.recipe.model.components["likelihood"].options["std"])
        for arm in plan.arms
    ] == [(0.1, 0.3), (0.1, 0.5), (0.2, 0.3), (0.2, 0.5)]


def test_what_the_reference_has_anyhow_is_no_second_arm(plan_of):
    assert names(plan_of("estimator=score,tiny.score", "training.lr=0.01")) == ["reference"]


def test_another_recipe_is_an_arm_as_it_is(plan_of, tiny_recipe_file, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(
        f"name: other\nextends: {tiny_recipe_file}\ntraining: {{lr: 0.5}}\n", encoding="utf-8"
    )
    plan = plan_of("likelihood.std=0.5", against=[str(other)], overrides=["training.epochs=1"])
    assert names(plan) == ["reference", "likelihood.std=0.5", "other"]
    assert [arm.recipe.training.lr for arm in plan.arms] == [0.01, 0.01, 0.5]
    assert [arm.recipe.training.epochs for arm in plan.arms] == [1, 1, 1]
    assert f"--against {other}" in plan.command


def test_whole_models_are_compared_with_the_default_wiring(plan_of, tiny_recipe_file, tmp_path):
    other = tmp_path / "whole.yaml"
    other.write_text(f"name: whole\nextends: {tiny_recipe_file}\nmodel: whole\n", encoding="utf-8")
    plan = plan_of("model={use: whole, latent: 3}", against=[str(other)])
    assert names(plan) == ["reference", "model={use: whole, latent: 3}", "whole"]
    assert [arm.refusal for arm in plan.arms] == ["", "", ""]


def test_a_mistake_in_another_recipe_is_a_mistake(plan_of):
    with pytest.raises(ObjcentricError, match="no-such-recipe"):
        plan_of(against=["no-such-recipe"])


def test_without_a_swap_the_recipe_alone_is_trained(plan_of, tmp_path):
    plan = plan_of(seeds=3)
    assert [trial.name for trial in plan.trials(tmp_path)] == [
        f"reference, seed {seed}" for seed in range(3)
    ]


def test_every_arm_has_a_folder_of_its_own_that_any_file_system_takes(plan_of):
    plan = plan_of("likelihood={use: gauss, std: 0.4},{use: gauss, std: 0.5}", "training.lr=0.1")
    folders = [arm.folder for arm in plan.arms]
    assert folders == [
        "reference",
        "likelihood=-use-gauss,-std-0.4",
        "likelihood=-use-gauss,-std-0.5",
        "training.lr=0.1",
    ]


@pytest.mark.parametrize(
    ("swap", "reason"),
    [
        ("estimator=demanding", "odd.demanding needs 'a miracle'"),
        ("likelihood=unwilling", "std, 1.0, is not to its taste"),
        ("compositor=broken", "RuntimeError: "),
        ("compositor=leaving", "SystemExit: 0"),
        ("training.device='cuda:99'", "torch sees"),
    ],
)
def test_an_arm_that_cannot_be_trained_is_kept_with_the_reason(plan_of, swap, reason):
    reference, arm = plan_of(swap).arms
    assert arm.recipe is None
    assert reason in arm.refusal
    assert ".yaml" not in arm.refusal  # tables are pasted: no folder of somebody's is in them
    assert reference.recipe is not None
    assert reference.refusal == ""


def test_a_name_that_nobody_has_is_a_mistake_rather_than_an_arm(plan_of):
    with pytest.raises(RecipeError, match="did you mean 'score'"):
        plan_of("estimator=scor,demanding")


def test_a_place_that_is_not_there_is_a_mistake_rather_than_an_arm(plan_of):
    with pytest.raises(RecipeError, match="did you mean 'estimator'"):
        plan_of("estimatr=score")


def test_a_mistake_is_told_once_however_many_arms_have_it(plan_of):
    with pytest.raises(RecipeError) as error:
        plan_of("estimator=scor", "training.lr=0.1,0.2", combine=True)
    assert len(error.value.problems) == 1


def test_an_option_that_only_some_alternatives_have_is_no_mistake(plan_of):
    plan = plan_of("likelihood=gauss,unwilling", "likelihood.explode_after=5", combine=True)
    assert [bool(arm.refusal) for arm in plan.arms] == [False, True]
    assert "unknown key 'explode_after'" in plan.arms[1].refusal


def test_a_component_is_swapped_before_what_is_inside_of_it(plan_of):
    swaps = ("likelihood.std=0.5", "likelihood={use: gauss, explode_after: 5}")
    (arm,) = plan_of(*swaps, combine=True).arms
    assert arm.recipe.model.components["likelihood"].options == {"std": 0.5, "explode_after": 5}


def test_a_bad_recipe_is_refused_itself(plan_of):
    with pytest.raises(RecipeError, match="refuses its options"):
        plan_of("training.lr=0.1", overrides=["model.likelihood=unwilling"])


def test_a_comparison_without_an_arm_to_train_is_refused(plan_of):
    with pytest.raises(ObjcentricError, match=r"(?s)no arm can be trained.*needs 'a miracle'"):
        plan_of("estimator=demanding", combine=True)


def test_the_seed_is_not_for_an_override_to_say(plan_of):
    with pytest.raises(ObjcentricError, match="leave seed=… out"):
        plan_of(overrides=["seed=3"])


def test_the_command_of_a_plan_makes_the_same_plan(plan_of):
    import shlex

    plan = plan_of("likelihood={use: gauss, std: 0.4}", overrides=["training.epochs=2"], seeds=4)
    words = shlex.split(plan.command)
    assert words[:2] == ["objcentric", "compare"]
    assert words[3:] == [
        "training.epochs=2",
        "--swap",
        "likelihood={use: gauss, std: 0.4}",
        "--seeds",
        "4",
    ]


def test_names_that_a_file_system_takes_for_the_same_are_told_apart(plan_of):
    plan = plan_of("description=a/b,a:b")
    assert [arm.folder for arm in plan.arms][-2:] == ["description=a-b", "description=a-b-2"]
