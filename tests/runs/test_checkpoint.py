"""Checkpoints: whole or not at all, and nothing in them that could run."""

import json
import re

import pytest
import torch

from objcentric.errors import DamagedFile, UnwritableFile
from objcentric.runs.checkpoint import Checkpoint, latest_checkpoint
from objcentric.runs.training_state import TrainingState


def checkpoint(epoch=1, step=0, **model):
    return Checkpoint(
        model=model or {"weight": torch.arange(6.0).reshape(2, 3).T},
        optimizer={"layer.weight/exp_avg": torch.ones(2), "layer.weight/step": torch.tensor(3.0)},
        noise={"cpu": torch.get_rng_state()},
        figures=("loss", "nll"),
        sums=torch.tensor([1.0, 2.0], dtype=torch.float64),
        state=TrainingState(epoch=epoch, step=step, seconds=0.1 + 0.2),
        recipe="name: tiny\n",
        versions={"torch": "2"},
    )


def test_what_is_loaded_is_what_was_saved(tmp_path):
    saved = checkpoint()
    loaded = Checkpoint.load(saved.save(tmp_path / "checkpoints"))
    for part in ("model", "optimizer", "noise"):
        before, after = getattr(saved, part), getattr(loaded, part)
        assert before.keys() == after.keys()
        assert all(torch.equal(before[key], after[key]) for key in before)
    assert torch.equal(saved.sums, loaded.sums)
    for part in ("figures", "state", "recipe", "versions"):
        assert getattr(saved, part) == getattr(loaded, part)


def test_tied_weights_are_saved_twice_rather_than_refused(tmp_path):
    weight = torch.ones(3)
    loaded = Checkpoint.load(checkpoint(first=weight, second=weight).save(tmp_path))
    assert torch.equal(loaded.model["first"], loaded.model["second"])


def test_a_checkpoint_is_tensors_and_text_and_nothing_else(tmp_path):
    path = checkpoint().save(tmp_path)
    assert sorted(file.name for file in path.iterdir()) == [
        "model.safetensors",
        "state.json",
        "trained_recipe.yaml",
        "training.safetensors",
    ]


def test_the_two_newest_checkpoints_stay_and_what_is_not_ours(tmp_path):
    checkpoint(epoch=1).save(tmp_path)
    checkpoint(epoch=2).save(tmp_path)
    (tmp_path / ".epoch-00001-step-000007.1234.tmp").mkdir()
    (tmp_path / "best").mkdir()
    checkpoint(epoch=3).save(tmp_path)
    kept = {"epoch-00002-step-000000", "epoch-00003-step-000000", "best"}
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_the_latest_checkpoint_is_the_one_that_has_come_furthest(tmp_path):
    for name in ("epoch-00009-step-000002", "epoch-00010-step-000001", "epoch-100000-step-000000"):
        (tmp_path / name).mkdir()
    (tmp_path / ".epoch-99999999-step-000000.1.tmp").mkdir()
    latest = latest_checkpoint(tmp_path)
    assert latest is not None
    assert latest.name == "epoch-100000-step-000000"


def test_there_is_no_latest_checkpoint_before_the_first(tmp_path):
    assert latest_checkpoint(tmp_path / "checkpoints") is None


def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before(tmp_path, monkeypatch):
    before = checkpoint(epoch=1).save(tmp_path)

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("objcentric.runs.checkpoint.write_json", full)
    with pytest.raises(UnwritableFile, match="no space"):
        checkpoint(epoch=2).save(tmp_path)
    assert latest_checkpoint(tmp_path) == before


FILES = ["model.safetensors", "training.safetensors", "state.json", "trained_recipe.yaml"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["flipped", "truncated", "emptied", "missing"])
def test_a_damaged_file_is_refused_by_name(tmp_path, name, damage):
    path = checkpoint().save(tmp_path)
    content = bytearray((path / name).read_bytes())
    if damage == "missing":
        (path / name).unlink()
    elif damage == "flipped":
        content[-3] ^= 1  # in the tensors, in the last digits of the checksum, in the recipe
        (path / name).write_bytes(content)
    else:
        (path / name).write_bytes(content[: len(content) // 2 if damage == "truncated" else 0])
    with pytest.raises(DamagedFile, match=f"{re.escape(name)} (is damaged|cannot be read)"):
        Checkpoint.load(path)


def test_tensors_of_another_checkpoint_are_refused_whatever_their_shapes(tmp_path):
    mine = checkpoint(weight=torch.zeros(3)).save(tmp_path / "mine")
    other = checkpoint(weight=torch.ones(3)).save(tmp_path / "other")
    (mine / "model.safetensors").write_bytes((other / "model.safetensors").read_bytes())
    with pytest.raises(DamagedFile, match=r"model\.safetensors is damaged, or from another"):
        Checkpoint.load(mine)


def test_a_changed_scalar_is_refused(tmp_path):
    file = checkpoint().save(tmp_path) / "state.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"steps": 7}))
    with pytest.raises(DamagedFile, match=r"state\.json is damaged"):
        Checkpoint.load(file.parent)


def test_the_layout_of_the_state_does_not_matter(tmp_path):
    file = checkpoint().save(tmp_path) / "state.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps(dict(reversed(content.items()))))
    assert Checkpoint.load(file.parent).state == checkpoint().state


@pytest.mark.parametrize("text", ["{}", '{"epoch": 1, "recipe_digest": "abc"}'])
def test_a_state_without_checksums_is_refused(tmp_path, text):
    file = checkpoint().save(tmp_path) / "state.json"
    file.write_text(text)
    with pytest.raises(DamagedFile, match=r"state\.json has no checksums"):
        Checkpoint.load(file.parent)
