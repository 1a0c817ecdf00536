"""What is kept of a moment."""

import pytest
import torch
from told_model import ToldModel

from objcentric.interfaces import Scenes
from objcentric.pictures.snapshot import Snapshot, varied_scenes

CPU = torch.device("cpu")


def test_scenes_take_turns_in_how_many_objects_they_hold():
    counts = torch.tensor([0, 0, 1, 2, 2, 1, 0, 2])
    assert varied_scenes(counts, 8, 6).tolist() == [3, 2, 0, 4, 5, 1]


def test_there_may_be_fewer_scenes_than_wanted():
    assert sorted(varied_scenes(torch.tensor([1, 0]), 2, 8).tolist()) == [0, 1]
    assert varied_scenes(None, 2, 8).tolist() == [0, 1]


def test_the_first_scenes_are_taken_where_nobody_knows_their_counts():
    assert varied_scenes(None, 30, 4).tolist() == [0, 1, 2, 3]


@pytest.fixture
def moment(tiny_recipe, scenes_of):
    """The tiny model, and scenes of which everything is known."""
    recipe = tiny_recipe()
    return recipe.build_model((1, 12, 12)), scenes_of(recipe)["validation"]


def stored(snapshot, path):
    snapshot.save(path)
    return Snapshot.load(path)


def test_a_snapshot_is_loaded_as_it_was_saved(moment, tmp_path):
    model, scenes = moment
    snapshot = Snapshot.take(model, scenes, CPU)
    assert snapshot.counts.tolist() == [2, 1, 0, 2, 1, 0, 2, 1]
    loaded = stored(snapshot, tmp_path / "moment.safetensors")
    for name, value in vars(snapshot).items():
        assert torch.equal(getattr(loaded, name), value), name


def test_a_snapshot_holds_what_the_model_finds(moment):
    model, scenes = moment
    snapshot = Snapshot.take(model, scenes, CPU)
    found = model.infer(snapshot.images / 255)
    assert torch.equal(snapshot.presence, found.presence.bool())
    assert torch.equal(snapshot.segments, found.masks.argmax(1).byte())
    assert torch.equal(snapshot.boxes, found.boxes)
    assert torch.equal(snapshot.probs, found.presence_probs)


def test_what_nobody_knows_is_kept_as_unknown(tmp_path):
    scenes = Scenes(images=torch.zeros(3, 1, 4, 4, dtype=torch.uint8), sha256="")
    snapshot = Snapshot.take(ToldModel({"presence"}), scenes, CPU)
    assert snapshot.counts is None
    assert snapshot.boxes is None
    loaded = stored(snapshot, tmp_path / "moment.safetensors")
    assert loaded.counts is None
    assert loaded.boxes is None
    assert torch.equal(loaded.images, scenes.images)


def test_counts_of_a_model_that_does_not_decide_about_presence_are_not_judged(moment):
    _, scenes = moment
    certain, deciding = ToldModel(), ToldModel({"presence"})
    assert Snapshot.take(certain, scenes, CPU).counts is None
    assert Snapshot.take(certain, scenes, CPU).probs is None
    assert Snapshot.take(deciding, scenes, CPU).counts is not None
    assert Snapshot.take(deciding, scenes, CPU).probs is not None


def test_a_snapshot_is_taken_in_evaluation_mode(moment):
    model = ToldModel().train()
    Snapshot.take(model, moment[1], CPU)
    assert model.modes == [False]
    assert model.training
