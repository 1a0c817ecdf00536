"""What is kept of a moment."""

import torch

from objcentric.pictures.snapshot import Snapshot, varied_scenes


def test_scenes_take_turns_in_how_many_objects_they_hold():
    counts = torch.tensor([0, 0, 1, 2, 2, 1, 0, 2])
    assert varied_scenes(counts, 6).tolist() == [3, 2, 0, 4, 5, 1]


def test_there_may_be_fewer_scenes_than_wanted():
    assert sorted(varied_scenes(torch.tensor([1, 0]), 8).tolist()) == [0, 1]


def test_a_snapshot_is_loaded_as_it_was_saved(tiny_recipe, scenes_of, tmp_path):
    recipe = tiny_recipe()
    model, scenes = recipe.build_model((1, 12, 12)), scenes_of(recipe)["test"]
    snapshot = Snapshot.take(model, scenes, torch.device("cpu"))
    assert snapshot.counts.tolist() == [2, 1, 0, 2, 1, 0, 2, 1]
    snapshot.save(tmp_path / "moment.safetensors")
    loaded = Snapshot.load(tmp_path / "moment.safetensors")
    for name, value in vars(snapshot).items():
        assert torch.equal(getattr(loaded, name), value), name
