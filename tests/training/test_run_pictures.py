"""The pictures of a run."""

import torch

from objcentric.runs.run import Run
from objcentric.training.run_pictures import draw_epoch


def test_a_run_collects_pictures_and_draws_its_history_from_all_of_them(
    tiny_recipe, scenes_of, tmp_path
):
    recipe = tiny_recipe()
    run = Run(tmp_path, recipe)
    train = {"count_accuracy": 0.5, "presence_kl": 1.0, "where_kl": 2.0, "what_kl": 0.1}
    run.append_metrics({"epoch": 1, "train": train})
    model, scenes = recipe.build_model((1, 12, 12)), scenes_of(recipe)["test"]
    for epoch in (1, 2):
        pictures = draw_epoch(run, model, scenes, torch.device("cpu"), epoch)
    assert set(pictures) == {"windows", "history", "curves"}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures.values())
    assert sorted(path.name for path in run.pictures.glob("epoch-*")) == [
        "epoch-0001.png",
        "epoch-0001.safetensors",
        "epoch-0002.png",
        "epoch-0002.safetensors",
    ]
