"""Damaged, foreign and missing files of run folders, packs and comparisons are one line each."""

import json
import random

import pytest
from damage import DAMAGES

from objcentric.comparison.stored_comparison import stored_plan, stored_results
from objcentric.errors import DamagedFile, ObjcentricError
from objcentric.pictures.snapshot import Snapshot
from objcentric.recipe.problem import RecipeError
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.pack import check_pack
from objcentric.runs.run import Run
from objcentric.runs.run_folders import stored_run

CHECKPOINT = "done/checkpoints/epoch-00002-step-000000"
RUN = (
    ("evaluate", "done"),
    ("train", "--resume", "done"),
    ("train", "training.epochs=3", "--resume", "done"),
    ("infer", "done", "white.npy", "--out", "-"),
    ("sample", "done"),
    ("report", "done"),
    ("report", "done", "begun"),
    ("pack", "done", "--out", "packed"),
    ("show", "done/recipe.yaml"),
)
PACK = tuple((*words, "pack") for words in (("evaluate",), ("sample",), ("train", "--resume")))
COMPARED = (
    ("compare", "tiny.yaml", "training.epochs=1", "--seeds", "1", "--out", "compared"),
    ("report", "compared"),
)
ARM = "compared/reference"
READ_BY = {
    "done/recipe.yaml": RUN,
    "done/metrics.jsonl": RUN,
    "done/summary.json": RUN,
    f"{CHECKPOINT}/model.safetensors": RUN,
    f"{CHECKPOINT}/training.safetensors": RUN,
    f"{CHECKPOINT}/state.json": RUN,
    f"{CHECKPOINT}/trained_recipe.yaml": RUN,
    "done/.lock": RUN,
    "pack/pack.json": PACK,
    "pack/recipe.yaml": PACK,
    "pack/summary.json": PACK,
    "pack/model.safetensors": PACK,
    "compared/comparison.json": COMPARED,
    "compared/comparison.csv": COMPARED,
    f"{ARM}/arm.yaml": COMPARED,
    f"{ARM}/seed-0/recipe.yaml": COMPARED,
    f"{ARM}/seed-0/summary.json": COMPARED,
    f"{ARM}/seed-0/metrics.jsonl": COMPARED,
    f"{ARM}/seed-0.log": COMPARED,
}
"""Files, and the commands that may read them."""

PLACES = [(file, command) for file, commands in READ_BY.items() for command in commands]


NOTE = "The model cannot be shown: "
"""A report goes on without what it can do without, and says so."""


def refused_in_one_line(result, file):
    """What a command may do with a damaged file: leave it alone, or name it in one line.

    A recipe may have several mistakes, a line each. What else is there are waits: "Loading …".
    """
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (0, 2), result.output
    if result.exit_code == 2:
        name = file.rpartition("/")[2]
        said = [each for each in result.stderr.splitlines() if not each.startswith(NOTE)]
        named = [each for each in said if name in each]
        assert len(named) == 1 or (named and name.endswith(".yaml")), result.stderr
        assert all(len(line) < 700 for line in named)
        others = set(said) - set(named)
        assert all(line.endswith("…") for line in others), others


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_a_command_survives_any_file_in_any_state(attacked, call, no_pictures, place):
    file, command = PLACES[place]
    name = random.Random(place).choice(sorted(DAMAGES))
    DAMAGES[name](attacked / file)
    refused_in_one_line(call(*command), file)


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("place", range(len(PLACES)))
def test_every_command_survives_every_file_in_every_state(
    attacked, call, no_pictures, place, damage
):
    file, command = PLACES[place]
    DAMAGES[damage](attacked / file)
    refused_in_one_line(call(*command), file)


def readers(folder, recipe, registry):
    """What reads each file, without a command around it."""
    run = Run(folder / "done", recipe)
    picture = "done/pictures/epoch-0001.safetensors"
    return {
        "done/recipe.yaml": lambda: stored_run(folder / "done", registry),
        "done/metrics.jsonl": run.metrics,
        "done/summary.json": run.summary,
        **{
            f"{CHECKPOINT}/{name}": lambda: Checkpoint.load(folder / CHECKPOINT)
            for name in (
                *("model.safetensors", "training.safetensors"),
                *("state.json", "trained_recipe.yaml"),
            )
        },
        picture: lambda: Snapshot.load(folder / picture),
        **{
            f"pack/{name}": lambda: check_pack(folder / "pack")
            for name in ("pack.json", "recipe.yaml", "summary.json", "model.safetensors")
        },
        "compared/comparison.json": lambda: (
            stored_plan(folder / "compared/comparison.json"),
            stored_results(folder / "compared/comparison.json"),
        ),
    }


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_by_name(attacked, tiny_recipe, tiny_registry, damage):
    recipe = tiny_recipe("training.epochs=2")
    for file, read in readers(attacked, recipe, tiny_registry).items():
        content = (attacked / file).read_bytes()
        DAMAGES[damage](attacked / file)
        lost = file.endswith("metrics.jsonl") and damage in {"zero-length", "one byte", "missing"}
        missing = file.endswith("summary.json") and damage == "missing"
        if not (lost or (missing and "pack" not in file)) and damage not in KEPT.get(file, ()):
            try:
                read()
            except (DamagedFile, RecipeError, ObjcentricError) as error:
                refusal = error
            else:
                pytest.fail(f"{file} is read as if nothing had happened")
            lines = str(refusal).splitlines()
            assert len(lines) == 1 or isinstance(refusal, RecipeError)
            assert all(file.rpartition("/")[2] in line for line in lines), (file, damage)
        restore(attacked / file, content)
        read()


KEPT = {
    "done/metrics.jsonl": {
        *("a third", "half", "two bytes short", "a sentence without end"),
        *("a flipped bit", "a huge header"),  # a last line that is no JSON was being written
    },
    "done/summary.json": {"an empty mapping", "a flipped bit", "foreign keys"},
    "done/recipe.yaml": {"two bytes short", "a flipped bit", "half"},
    "done/pictures/epoch-0001.safetensors": {"a flipped bit"},
}
"""Damages that some content survives: a cut last line, another figure or pixel, a shorter text."""


def restore(path, content):
    """Puts a file back, whatever is there instead."""
    if path.is_dir() and not path.is_symlink():
        (path / "inside").unlink()
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    path.write_bytes(content)


WRONG = (None, "text", -1, 3.5, True, [], {}, [[1]], 10**19, 10**300, [None], {"a": {"b": []}})


def broken_values(content, seed):
    """The content again and again, each time with another wrong value at one of its keys."""
    for path in keys(content):
        wrong = random.Random(f"{seed}{path}").choice(WRONG)
        changed = json.loads(json.dumps(content))
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = wrong
        yield path, changed


def keys(value, path=()):
    """The path of every value in nested JSON."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        yield (*path, key)
        yield from keys(inner, (*path, key))


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("done/summary.json", ("report", "done")),
        ("done/summary.json", ("train", "--resume", "done")),
        ("compared/comparison.json", ("report", "compared")),
    ],
)
def test_json_with_a_wrong_value_is_no_traceback(attacked, call, no_pictures, file, command):
    content = json.loads((attacked / file).read_text())
    changes = list(broken_values(content, seed=3))
    for _, changed in random.Random(4).sample(changes, min(8, len(changes))):
        (attacked / file).write_text(json.dumps(changed))
        refused_in_one_line(call(*command), file)


def test_the_older_checkpoint_is_offered_and_can_be_used(attacked, call, no_pictures):
    (attacked / CHECKPOINT / "model.safetensors").write_bytes(b"")
    result = call("train", "--resume", "done")
    assert result.exit_code == 0  # it has finished: nothing of the checkpoint is needed
    result = call("evaluate", "done")
    assert result.exit_code == 2
    assert "epoch-00001-step-000000 is still there: remove done/checkpoints/epoch-" in result.stderr
    for file in (attacked / CHECKPOINT).iterdir():
        file.unlink()
    (attacked / CHECKPOINT).rmdir()
    assert call("evaluate", "done").exit_code == 0
    assert call("train", "--resume", "done").exit_code == 0
    assert (attacked / CHECKPOINT / "model.safetensors").is_file()
    assert call("evaluate", "done").exit_code == 0


def test_a_run_of_another_version_says_so(attacked, call):
    file = attacked / "done/summary.json"
    summary = json.loads(file.read_text())
    summary["versions"]["objcentric"] = "99.1"
    file.write_text(json.dumps(summary))
    recipe = attacked / "done/recipe.yaml"
    recipe.write_text(recipe.read_text() + "dreams: {of: sheep}\n")
    result = call("evaluate", "done")
    assert result.exit_code == 2
    assert "done was written by objcentric 99.1 (this is 0.1.0)" in result.stderr


def test_a_lost_comparison_file_is_made_again_from_the_runs(attacked, call, no_pictures):
    before = json.loads((attacked / "compared/comparison.json").read_text())
    (attacked / "compared/comparison.json").unlink()
    result = call("report", "compared")
    assert result.exit_code == 2
    assert "comparison.json is missing: the same `objcentric compare` command" in result.stderr
    result = call(*COMPARED[0])
    assert result.exit_code == 0, result.output
    assert json.loads((attacked / "compared/comparison.json").read_text())["rows"] == before["rows"]
