"""What a comparison leaves behind."""

import csv
import json
from typing import get_args

import pytest

from objcentric.comparison.comparison import Comparison
from objcentric.comparison.comparison_folder import ComparisonFolder
from objcentric.comparison.machine import Machine
from objcentric.comparison.outcome import FIGURES, Outcome
from objcentric.errors import DamagedFile
from objcentric.interfaces import Split
from objcentric.recipe import load
from objcentric.runs.errors import RunFolderError


@pytest.fixture
def place(tmp_path):
    return ComparisonFolder(tmp_path)


@pytest.fixture
def claimed(place, plan_of):
    """A folder that is noted to be for a plan."""
    place.claim(plan_of("training.lr=0.1", "estimator=demanding"))
    return place


@pytest.fixture
def written(place, plan_of, pretend):
    """A folder with the results of a comparison, one run of which failed."""
    plan = plan_of("training.lr=0.1", "estimator=demanding")
    place.claim(plan)
    trials = plan.trials(place.path)
    for trial in trials[:3]:
        pretend(trial, [0.5, 0.9, 0.99])
    pretend(trials[3], [], status="failed", error="astray")
    outcomes = [Outcome.of(trial, plan.judgement) for trial in trials]
    place.write(Comparison(plan, Machine(cores=4, jobs=2), outcomes), trials)
    return place


def test_the_json_holds_plan_rows_and_every_run(written):
    content = json.loads(written.json_file.read_text())
    assert content.keys() == {"command", "plan", "machine", "same_scenes", "rows", "runs"}
    assert content["machine"] == {"cores": 4, "jobs": 2, "threads": 2}
    assert content["plan"].keys() == {"recipe", "mode", "seeds", "arms"}
    assert content["plan"]["arms"]["estimator=demanding"] is None
    arms = ["reference", "training.lr=0.1", "estimator=demanding"]
    assert [row["arm"] for row in content["rows"]] == arms
    assert [(run["arm"], run["seed"], run["status"]) for run in content["runs"]] == [
        ("reference", 0, "finished"),
        ("reference", 1, "finished"),
        ("training.lr=0.1", 0, "finished"),
        ("training.lr=0.1", 1, "failed"),
    ]
    head = {"arm", "seed", "folder", "status", "error", "scenes_sha256"}
    own = {*FIGURES, "seconds_to_goal", "images_to_goal"}
    test = {"count_accuracy", "elbo", "nll", "mse", "box_iou", "ink_enclosed"}
    assert content["runs"][0].keys() >= head | own | test
    assert not {"confusion", "slot_usage"} & content["runs"][0].keys()  # no single numbers
    assert content["runs"][0]["images_to_goal"] == 3 * 64
    assert content["runs"][0]["count_accuracy"] == 0.99
    assert (written.path / content["runs"][0]["folder"] / "summary.json").is_file()


def test_the_csv_has_a_line_a_run(written):
    with written.csv_file.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["arm"], line["seed"], line["status"]) for line in lines] == [
        ("reference", "0", "finished"),
        ("reference", "1", "finished"),
        ("training.lr=0.1", "0", "finished"),
        ("training.lr=0.1", "1", "failed"),
    ]
    assert [line["count_accuracy"] for line in lines] == ["0.99", "0.99", "0.99", ""]
    assert lines[3]["error"] == "astray"
    assert [lines[0][f"{split}_scenes_sha256"] for split in get_args(Split)] == ["a", "c", "b"]


def test_there_are_a_picture_and_a_table_for_a_page(written):
    assert written.picture.read_bytes().startswith(b"\x89PNG")
    assert "| reference | 2/2 | 99.00% |" in written.table_file.read_text()


def test_every_arm_has_its_recipe_in_full(place, plan_of, odd_registry):
    plan = plan_of("training.lr=0.1")
    place.claim(plan)
    stored = load(place.path / "training.lr=0.1" / "arm.yaml", (), odd_registry)
    assert stored.to_yaml() == plan.arms[1].recipe.to_yaml()


def test_the_same_plan_finds_its_folder_again(claimed, plan_of):
    before = claimed.json_file.read_text()
    claimed.claim(plan_of("training.lr=0.1", "estimator=demanding"))
    assert claimed.json_file.read_text() == before


@pytest.mark.parametrize(
    ("swaps", "options", "said"),
    [
        (
            ["training.lr=0.1", "estimator=demanding"],
            {"seeds": 3},
            "seeds: 2 in the folder, 3 requested",
        ),
        (["training.lr=0.1"], {}, "arm estimator=demanding: only in the folder"),
        (
            ["training.lr=0.1,0.2", "estimator=demanding"],
            {},
            "arm training.lr=0.2: only requested",
        ),
        (
            ["training.lr=0.1", "estimator=demanding"],
            {"overrides": ["training.epochs=4"]},
            "arm reference: its resolved recipe is different",
        ),
        (["training.lr=0.1"], {"combine": True}, "mode: one-at-a-time in the folder"),
    ],
)
def test_another_plan_is_refused_with_the_difference(claimed, plan_of, swaps, options, said):
    with pytest.raises(RunFolderError, match="holds another comparison") as error:
        claimed.claim(plan_of(*swaps, **options))
    assert said in str(error.value)


def test_what_a_killed_comparison_has_left_half_written_is_removed(claimed, plan_of):
    (arm,) = claimed.path.glob("reference")
    left = [claimed.path / ".comparison.json.17.tmp", claimed.path / ".report.html.17.tmp"]
    left += [claimed.path / ".comparison.png.18.tmp", arm / ".arm.yaml.17.tmp"]
    other = claimed.path / ".mine.17.tmp"
    for path in (*left, other):
        path.write_text("half")
    claimed.claim(plan_of("training.lr=0.1", "estimator=demanding"))
    assert [path for path in (*left, other) if path.exists()] == [other]


def test_a_folder_that_holds_something_else_is_refused(place, plan_of):
    (place.path / "thesis.tex").write_text("precious")
    with pytest.raises(RunFolderError, match="holds no comparison"):
        place.claim(plan_of())


@pytest.mark.parametrize("text", ["{", "[]", '{"plan": 3}', '{"plan": {}}'])
def test_a_file_that_is_no_plan_is_refused_by_name(place, plan_of, text):
    place.json_file.write_text(text)
    with pytest.raises(DamagedFile, match=r"comparison\.json is damaged"):
        place.claim(plan_of())
    assert place.json_file.read_text() == text
