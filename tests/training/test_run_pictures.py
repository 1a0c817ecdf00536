"""The pictures of a run."""

import torch

from objcentric.pictures.snapshot import Snapshot
from objcentric.runs.run import Run
from objcentric.training.run_pictures import draw_epoch

CPU = torch.device("cpu")
TRAIN = {"loss": 4.0, "count_accuracy": 0.5, "presence_kl": 1.0, "where_kl": 2.0}


def test_a_run_collects_pictures_and_draws_its_history_from_all_of_them(
    tiny_recipe, scenes_of, tmp_path
):
    recipe = tiny_recipe()
    run = Run(tmp_path, recipe)
    model, scenes = recipe.build_model((1, 12, 12)), scenes_of(recipe)["validation"]
    for epoch in (1, 2):
        run.append_metrics({"epoch": epoch, "images": 64, "seconds": 1.5, "train": TRAIN})
        pictures = draw_epoch(run, Snapshot.take(model, scenes, CPU), None)
    assert set(pictures) == {"windows", "history", "curves"}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures.values())
    assert sorted(path.name for path in run.pictures.glob("epoch-*")) == [
        "epoch-0001.png",
        "epoch-0001.safetensors",
        "epoch-0002.png",
        "epoch-0002.safetensors",
    ]


def test_later_snapshots_of_a_run_that_was_cut_off_are_no_history(
    tiny_recipe, scenes_of, tmp_path, monkeypatch
):
    drawn = []
    monkeypatch.setattr(
        "objcentric.training.run_pictures.history",
        lambda snapshots, path: drawn.append(list(snapshots)) or path,
    )
    recipe = tiny_recipe()
    run = Run(tmp_path, recipe)
    model, scenes = recipe.build_model((1, 12, 12)), scenes_of(recipe)["validation"]
    run.pictures.mkdir()
    for epoch in (1, 5):
        Snapshot.take(model, scenes, CPU).save(run.pictures / f"epoch-{epoch:04d}.safetensors")
    run.append_metrics({"epoch": 2, "images": 64, "seconds": 1.5, "train": TRAIN})
    draw_epoch(run, Snapshot.take(model, scenes, CPU), None)
    assert drawn == [[1, 2]]
