"""Packs: complete, small, and harmless whoever made them."""

import json

import pytest

import objcentric
from objcentric.errors import ObjcentricError


@pytest.fixture
def load(tiny_plugin):
    return lambda path: objcentric.load(path, plugins=[tiny_plugin])


def test_a_pack_finds_what_the_run_finds(run, pack, load):
    import numpy as np

    images = np.random.default_rng(0).random((3, 12, 12))
    assert (load(run).model.infer(images).slots == load(pack).model.infer(images).slots).all()
    assert load(pack).metrics == []
    assert f"(pack {pack})" in repr(load(pack))


def test_a_pack_holds_five_files(pack):
    assert sorted(path.name for path in pack.iterdir()) == [
        "README.md",
        "model.safetensors",
        "pack.json",
        "recipe.yaml",
        "summary.json",
    ]


def test_a_model_card_has_figures_and_hashes_of_the_data_and_no_folders(run, pack, tiny_plugin):
    card = (pack / "README.md").read_text()
    summary = json.loads((run / "summary.json").read_text())
    assert summary["verdict"] in card
    assert all(digest in card for digest in summary["scenes_sha256"].values())
    assert f"| count_accuracy | {summary['test']['count_accuracy']:.6g} |" in card
    assert "| images (C×H×W) | 1×12×12 |" in card
    assert "plugin files, which are not part of a pack: tiny.py" in card
    assert str(tiny_plugin.parent) not in card + (pack / "summary.json").read_text()


def test_a_card_may_be_edited(pack, load):
    before = load(pack).summary
    (pack / "README.md").write_text("# My model")
    assert load(pack).summary == before


@pytest.mark.parametrize("name", ["recipe.yaml", "model.safetensors", "summary.json"])
@pytest.mark.parametrize("what", ["changed", "missing"])
def test_a_damaged_pack_is_one_line(pack, load, name, what):
    file = pack / name
    if what == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(ObjcentricError) as error:
        load(pack)
    assert name in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_a_pack_without_its_checksums_is_one_line(pack, load, content):
    (pack / "pack.json").write_bytes(content)
    with pytest.raises(ObjcentricError) as error:
        load(pack)
    assert len(str(error.value).splitlines()) == 1


PICKLE = b"\x80\x04cos\nsystem\n(S'touch /tmp/owned'\ntR."


@pytest.mark.parametrize("content", [b"", PICKLE, b"\xff" * 100])
def test_weights_that_are_no_safetensors_are_refused_even_with_true_checksums(
    pack, load, reseal, content
):
    (pack / "model.safetensors").write_bytes(content)
    reseal(pack)
    with pytest.raises(ObjcentricError, match="its tensors cannot be read") as error:
        load(pack)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("shape", ["[1, 12]", '"abc"', "[1, -2, 3]", "[1, 12, 1e9]", "[[1], 2, 3]"])
def test_a_summary_that_makes_no_sense_is_refused(pack, load, reseal, shape):
    summary = json.loads((pack / "summary.json").read_text())
    summary["image_shape"] = json.loads(shape)
    (pack / "summary.json").write_text(json.dumps(summary))
    reseal(pack)
    with pytest.raises(ObjcentricError, match="image_shape should be three sizes"):
        load(pack)


def test_a_recipe_in_a_pack_may_not_reach_outside(pack, load, reseal, tmp_path):
    (tmp_path / "secret.yaml").write_text("seed: 1")
    file = pack / "recipe.yaml"
    file.write_text(f"extends: {tmp_path / 'secret.yaml'}\n" + file.read_text())
    reseal(pack)
    with pytest.raises(ObjcentricError, match="a pack may not"):
        load(pack)


def test_a_recipe_whose_model_is_not_that_of_the_weights_is_refused(pack, load, reseal):
    file = pack / "recipe.yaml"
    file.write_text(file.read_text().replace("what_dim: 3", "what_dim: 4"))
    reseal(pack)
    with pytest.raises(ObjcentricError, match="do not fit the requested model"):
        load(pack)


def test_a_recipe_too_large_for_any_machine_is_one_line(pack, load, reseal):
    file = pack / "recipe.yaml"
    file.write_text(file.read_text().replace("what_dim: 3", "what_dim: 1000000000000"))
    reseal(pack)
    with pytest.raises(ObjcentricError, match="what_dim: expected less than or equal to") as error:
        load(pack)
    assert len(str(error.value).splitlines()) == 1


def test_code_in_a_pack_is_never_loaded(pack, load, reseal, tmp_path):
    (pack / "tiny.py").write_text(f"open({str(tmp_path / 'owned')!r}, 'w')")
    reseal(pack)
    load(pack)
    assert not (tmp_path / "owned").exists()


def test_a_model_of_a_device_that_is_not_here_is_loaded_nevertheless(pack, load, reseal):
    file = pack / "recipe.yaml"
    file.write_text(file.read_text().replace("device: cpu", "device: cuda:63"))
    assert "cuda:63" in file.read_text()
    reseal(pack)
    assert load(pack).model.device.type in ("cpu", "cuda")


def test_pack_writes_beside_the_current_folder_and_overwrites_nothing(call, run, tmp_path):
    first = call("pack", run)
    assert (first.exit_code, first.stdout) == (0, "run-pack\n"), first.output
    second = call("pack", run)
    assert second.exit_code == 2
    assert second.stderr == "run-pack exists; choose another folder\n"
    assert call("pack", "run-pack").stderr.startswith("run-pack is a pack already")


def test_a_run_without_a_checkpoint_cannot_be_packed(call, run):
    import shutil

    shutil.rmtree(run / "checkpoints")
    result = call("pack", run)
    assert result.exit_code == 2
    assert "has no checkpoint yet" in result.stderr


def test_a_pack_is_evaluated_and_not_resumed(call, pack):
    evaluated = call("evaluate", pack, "--json")
    assert evaluated.exit_code == 0, evaluated.output
    assert "count_accuracy" in json.loads(evaluated.stdout)
    resumed = call("train", "--resume", pack)
    assert resumed.exit_code == 2
    assert "not the state of its training" in resumed.stderr


def test_samples_become_a_picture(call, run, tmp_path):
    result = call("sample", run, "-n", 3, "--objects", 1)
    assert (result.exit_code, result.stdout) == (0, "run-samples.png\n"), result.output
    assert (tmp_path / "run-samples.png").read_bytes().startswith(b"\x89PNG")
    assert call("sample", run, "--objects", 9).exit_code == 2
    assert "cannot write" in call("sample", run, "-n", 1, "--out", "no/where.png").stderr
