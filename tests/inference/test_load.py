"""`objcentric.load`, `objcentric.train` and what they return."""

import shutil
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch

import objcentric
from objcentric.errors import ObjcentricError
from objcentric.recipe.recipe import Recipe

IMAGES = np.zeros((5, 12, 12), np.uint8)


@pytest.fixture
def loaded(run, tiny_plugin):
    return objcentric.load(run, plugins=[tiny_plugin])


def test_importing_objcentric_imports_no_torch():
    code = (
        "import sys, objcentric; assert {'load', 'train'} <= set(dir(objcentric)); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_name_that_does_not_exist_is_no_attribute():
    assert not hasattr(objcentric, "lode")


def test_a_loaded_run_says_what_it_is(loaded, run):
    said = repr(loaded)
    assert said.startswith(f"<TrainedRun tiny, seed 1 (run {run})\n  Count accuracy ")
    assert "TrainedModel tiny: WiredModel for 12×12 grey images" in said


def test_metrics_are_flat_lines_for_a_table(loaded):
    (line,) = loaded.metrics
    assert line["epoch"] == 1
    assert {"train.loss", "validation.count_accuracy", "test.count_accuracy"} <= line.keys()
    assert not any(isinstance(value, dict) for value in line.values())
    assert loaded.summary["status"] == "finished"


def test_what_is_found_comes_in_tensors(loaded):
    found = loaded.model.infer(IMAGES)
    assert len(found) == 5
    assert found.presence.shape == found.probabilities.shape == (5, 2)
    assert found.counts.tolist() == found.presence.sum(1).tolist()
    assert found.boxes.shape == (5, 2, 4)
    assert found.masks.shape == (5, 3, 12, 12)
    assert found.slots.shape[:2] == (5, 2)
    assert found.reconstructions.shape == found.images.shape == (5, 1, 12, 12)
    assert repr(found).startswith("<Found in 5 images: objects found: ")


def test_what_is_found_does_not_depend_on_batches(loaded, monkeypatch):
    images = np.random.default_rng(0).random((5, 12, 12), np.float32)
    whole = loaded.model.infer(images)
    monkeypatch.setattr("objcentric.inference.trained_model.BATCH", 2)
    parts = loaded.model.infer(images)
    assert torch.allclose(whole.masks, parts.masks, atol=1e-5)
    assert torch.allclose(whole[3].slots, parts[3].slots, atol=1e-5)
    assert len(parts[1:3]) == 2
    with pytest.raises(IndexError, match="5 images, and no number 5"):
        parts[5]


def test_a_picture_of_what_was_found_is_a_png(loaded, tmp_path):
    picture = loaded.model.infer(IMAGES).show(2)
    assert picture._repr_png_().startswith(b"\x89PNG")
    assert picture.save(tmp_path / "found.png").read_bytes().startswith(b"\x89PNG")
    assert '.save("picture.png")' in repr(picture)


def test_samples_are_canvases_and_depend_on_the_seed_alone(loaded):
    one = loaded.model.sample(3, objects=2, seed=1)
    torch.manual_seed(7)
    assert one.shape == (3, 1, 12, 12)
    assert (one == loaded.model.sample(3, objects=2, seed=1)).all()
    assert (one != loaded.model.sample(3, objects=2, seed=2)).any()
    with pytest.raises(ObjcentricError, match="2 slots, and 3 are asked for"):
        loaded.model.sample(3, objects=3)
    with pytest.raises(ObjcentricError, match="n must be positive, got 0"):
        loaded.model.sample(0)


def test_a_copied_folder_is_all_that_loading_needs(run, tiny_plugin, tmp_path, monkeypatch):
    shutil.move(run, tmp_path / "elsewhere")

    def no_data(self):
        raise AssertionError("the data is on another machine")

    monkeypatch.setattr(Recipe, "build_source", no_data)
    loaded = objcentric.load(str(tmp_path / "elsewhere"), plugins=[str(tiny_plugin)])
    assert len(loaded.model.infer(IMAGES)) == 5


def test_a_run_from_before_the_summary_knew_the_size_of_images_is_loaded(run, tiny_plugin):
    file = run / "summary.json"
    file.write_text(file.read_text().replace('"image_shape"', '"former"'))
    assert objcentric.load(run, plugins=[tiny_plugin]).model.image_shape == (1, 12, 12)


def test_a_missing_plugin_file_is_named_with_what_to_pass(run, tiny_plugin):
    with pytest.raises(ObjcentricError) as error:
        objcentric.load(run)
    said = str(error.value)
    assert len(said.splitlines()) == 1
    assert f"--plugin {tiny_plugin}" in said
    assert f"plugins=['{tiny_plugin}']" in said


def test_a_missing_plugin_file_that_is_nowhere_is_named_without_its_folder(run, tiny_plugin):
    file = run / "summary.json"
    file.write_text(file.read_text().replace(str(tiny_plugin), "/nowhere/tiny.py"))
    with pytest.raises(ObjcentricError, match=r"pass --plugin tiny\.py on the"):
        objcentric.load(run)


def test_a_missing_installed_plugin_is_named(run):
    file = run / "summary.json"
    text = file.read_text()
    start = text.index('"tiny": "') + len('"tiny": "')
    file.write_text(text[:start] + "tiny-scenes 2.0" + text[text.index('"', start) :])
    with pytest.raises(ObjcentricError, match=r"plugin 'tiny' of tiny-scenes 2\.0, which is not"):
        objcentric.load(run)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(ObjcentricError, match="is no run folder"):
        objcentric.load(tmp_path)


@pytest.fixture
def train(tiny_recipe_file, tiny_plugin, tmp_path, no_pictures, one_thread):
    def begin(*overrides, **options):
        return objcentric.train(
            tiny_recipe_file,
            ["training.epochs=1", *overrides],
            out=tmp_path / "run",
            plugins=[tiny_plugin],
            **options,
        )

    return begin


def test_training_returns_the_trained_run(train, capsys):
    trained = train("seed=5")
    assert trained.recipe.seed == 5
    assert len(trained.metrics) == 1
    assert len(trained.model.infer(IMAGES)) == 5
    assert "epoch 1/1" in capsys.readouterr().out


def test_a_quiet_training_says_nothing(train, capsys):
    train(quiet=True)
    assert capsys.readouterr().out == ""


def test_training_goes_on_where_a_run_ended(train, tiny_plugin):
    path = train(quiet=True).path
    options = {"resume": path, "plugins": [tiny_plugin], "quiet": True}
    assert len(objcentric.train(**options).metrics) == 1
    assert len(objcentric.train(None, ["training.epochs=2"], **options).metrics) == 2


def test_training_works_in_a_thread(train):
    done = []
    thread = threading.Thread(target=lambda: done.append(train(quiet=True)))
    thread.start()
    thread.join()
    assert done


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "no recipe is given"),
        ({"recipe": "quickstart", "overrides": "seed=1"}, "overrides is a list of KEY=VALUE"),
        ({"resume": "run", "out": "other"}, "out and resume exclude each other"),
    ],
)
def test_a_training_that_makes_no_sense_is_refused(arguments, said):
    with pytest.raises(ObjcentricError, match=said):
        objcentric.train(**arguments)
