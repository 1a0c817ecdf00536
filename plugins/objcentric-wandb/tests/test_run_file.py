"""What a run logs offline, read back from wandb's own run file."""

import json

import pytest
from wandb_run_file import read


@pytest.fixture
def logged(train_tiny):
    """`logged("run", epochs)` trains offline; returns the run and its run files, oldest first."""

    def train(name, epochs):
        done = train_tiny(name, "tracking.wandb=offline", f"training.epochs={epochs}")
        assert "warning" not in done.printed
        files = sorted((done.run.path / "wandb").glob("offline-run-*/*.wandb"))
        return done.run, files, [read(file) for file in files]

    return train


def test_figures_and_objects_are_logged_in_wandbs_own_types(logged):
    run, (file,), (found,) = logged("run", 1)
    assert found["run"].display_name == "run"
    assert found["config"]["name"] == "tiny"
    assert found["exit"] == 0
    items, line = found["history"][1], run.metrics()[0]
    assert items["validation/count_accuracy"] == line["validation"]["count_accuracy"]
    assert items["validation/found_objects.values"] == [
        sum(column) for column in zip(*line["validation"]["confusion"], strict=True)
    ]
    assert items["scenes/presence._type"] == "histogram"
    assert sum(items["scenes/presence.values"]) == 8 * 2
    assert len(items["scenes/found.all_boxes"]) == len(items["scenes/found.all_masks"]) == 8
    assert {mask["segments"]["_type"] for mask in items["scenes/found.all_masks"]} == {"mask"}
    boxes = [
        json.loads((file.parent / "files" / each["windows"]["path"]).read_text())["box_data"]
        for each in items["scenes/found.all_boxes"]
    ]
    present = [int(caption.split()[1]) for caption in items["scenes/found.captions"]]
    assert [len(each) for each in boxes] == present
    assert all(0 <= side <= 12 for each in boxes for b in each for side in b["position"].values())
    assert items["scenes/objects._type"] == "table-file"
    assert items["scenes/objects.nrows"] == sum(present)
    table = json.loads((file.parent / "files" / items["scenes/objects.path"]).read_text())
    assert table["columns"][:4] == ["scene", "slot", "object", "presence"]
    matrix = file.parent / "files" / items["validation/confusion_table.path"]
    cells = json.loads(matrix.read_text())["data"]
    counts = [scenes for row in line["validation"]["confusion"] for scenes in row]
    assert [scenes for _, _, scenes in cells] == counts


def test_a_resumed_run_goes_on_in_the_same_wandb_run(logged):
    logged("run", 1)
    _, files, parts = logged("run", 2)
    assert len(files) == 2
    assert len({part["run"].run_id for part in parts}) == 1
    assert [list(part["history"]) for part in parts] == [[1], [2]]


def test_the_checkpoint_is_an_artifact_with_its_aliases(logged):
    _, _, (found,) = logged("run", 1)
    name = f"checkpoint-{found['run'].run_id}"
    assert [sorted(a) for n, a in found["artifacts"] if n == name] == [["best", "latest"]]
