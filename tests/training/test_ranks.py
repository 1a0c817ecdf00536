"""Two processes train one model: what comes of it, and what happens if one of them fails."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.run import Run

HERE = Path(__file__).parent
NOISELESS = [
    "model.scheduler=calm_scheduler",
    "model.encoder=calm_encoder",
    "model.estimator=enumerate",
    "model.likelihood=watched",
]
NVIL = ["model.estimator={use: nvil, baseline: null}", "model.scheduler.sure=true"]
EPOCHS = 2


@pytest.fixture(scope="module")
def done(tiny_recipe_file, tiny_plugin, tmp_path_factory):
    """All jobs, run one after another."""
    folder = tmp_path_factory.mktemp("ranks")
    (folder / "seen").mkdir()

    def job(name, ranks, *changes, words=None, **more):
        words = words or [tiny_recipe_file, "--out", folder / name]
        words = ["train", *words, f"training.epochs={EPOCHS}", *changes]
        words += ["--plugin", tiny_plugin, "--plugin", HERE / "noiseless.py"]
        return {"name": name, "ranks": ranks, "words": [str(word) for word in words], **more}

    resume = ["--resume", folder / "two"]
    jobs = [
        job("one", 1, *NOISELESS),
        job("two", 2, *NOISELESS),
        job("two_then_one", 1, "training.epochs=3", words=resume),
        job("one_then_two", 2, "training.epochs=4", words=resume),
        job("srun", 2, *NOISELESS, f"model.likelihood.seen={folder / 'seen'}", launcher="srun"),
        job("noisy", 2),
        job("nvil_one", 1, *NOISELESS, *NVIL),
        job("nvil_two", 2, *NOISELESS, *NVIL),
        job("endless_one", 1, *NOISELESS, "scenes.endless=true"),
        job("endless_two", 2, *NOISELESS, "scenes.endless=true"),
        job("uneven", 2, "training.batch_size=15"),
        job("used", 2, words=[tiny_recipe_file, "--out", folder / "one"]),
        job("astray", 2, *NOISELESS, "model.likelihood.fails_on=1"),
        job("failing", 2, *NOISELESS, "model.likelihood.fails_on=1", "model.likelihood.how=error"),
    ]
    subprocess.run(
        [sys.executable, str(HERE / "ranks.py"), str(folder)],
        input=json.dumps(jobs),
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "TORCH_CPP_LOG_LEVEL": "ERROR"},
    )
    return SimpleNamespace(folder=folder, exits=json.loads((folder / "exits.json").read_text()))


@pytest.fixture
def run_of(done, tiny_recipe):
    return lambda name: Run(done.folder / name, tiny_recipe())


@pytest.fixture
def printed(done):
    return lambda name, rank: (done.folder / f"{name}-{rank}.txt").read_text()


def test_losses_are_those_of_one_process_at_the_same_batch_size(done, run_of):
    assert done.exits["one"] == [0]
    assert done.exits["two"] == [0, 0]
    one, two = run_of("one").metrics(), run_of("two").metrics()[:EPOCHS]
    assert len(one) == len(two) == EPOCHS
    assert one[0]["train"]["loss"] != pytest.approx(one[1]["train"]["loss"], rel=1e-3)
    for alone, together in zip(one, two, strict=True):
        assert together["train"] == pytest.approx(alone["train"], rel=1e-5)
        assert together["validation"]["mse"] == pytest.approx(alone["validation"]["mse"], rel=1e-5)
        assert together["images"] == alone["images"]


def test_weights_are_those_of_one_process_even_one_that_no_step_uses(done, run_of):
    alone = Checkpoint.load(run_of("one").checkpoints / "epoch-00002-step-000000").model
    together = Checkpoint.load(run_of("srun").checkpoints / "epoch-00002-step-000000").model
    assert "scheduler.idle" in alone
    assert together.keys() == alone.keys()
    for name, value in alone.items():
        torch.testing.assert_close(together[name], value, rtol=1e-4, atol=1e-5)


def test_statistics_of_nvil_are_those_of_the_whole_batch(done, run_of):
    assert done.exits["nvil_two"] == [0, 0]
    runs = [run_of(name) for name in ("nvil_one", "nvil_two")]
    one, two = (Checkpoint.load(run.checkpoint()).model for run in runs)
    assert one["estimator.signal_variance"] > 1
    for name in ("estimator.signal_mean", "estimator.signal_variance"):
        torch.testing.assert_close(two[name], one[name], rtol=1e-4, atol=1e-4)
    for alone, together in zip(*(run.metrics() for run in runs), strict=True):
        assert together["train"] == pytest.approx(alone["train"], rel=1e-4)


def test_endless_scenes_are_those_of_one_process(done, run_of):
    assert done.exits["endless_two"] == [0, 0]
    one, two, same = (run_of(name).metrics() for name in ("endless_one", "endless_two", "one"))
    for alone, together in zip(one, two, strict=True):
        assert together["train"] == pytest.approx(alone["train"], rel=1e-5)
    assert one[1]["train"]["loss"] != pytest.approx(same[1]["train"]["loss"], rel=1e-4)


def test_every_image_of_a_batch_is_seen_by_one_rank(done, tiny_recipe, scenes_of):
    from objcentric.training.batches import epoch_batches

    recipe = tiny_recipe()
    images = scenes_of(recipe)["train"].images / 255
    steps = [batch for epoch in range(EPOCHS) for batch in epoch_batches(1, epoch, 70, 16)]
    assert len(list((done.folder / "seen").iterdir())) == 2 * len(steps)
    for number, batch in enumerate(steps, 1):
        shares = [torch.load(done.folder / f"seen/{rank}-{number:03d}.pt") for rank in (0, 1)]
        assert [len(share) for share in shares] == [8, 8]
        assert digests(torch.cat(shares)) == digests(images[batch])


def digests(images):
    return Counter(image.numpy().tobytes() for image in images)


def test_ranks_draw_noise_of_their_own():
    from objcentric.randomness import seed_noise

    def drawn(rank, steps):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("objcentric.randomness.rank", lambda: rank)
            seed_noise(1, steps)
        return torch.rand(1).item()

    assert drawn(0, 0) == drawn(0, 5)  # a checkpoint holds it
    assert len({drawn(rank, steps) for rank in range(3) for steps in (0, 5)}) == 5


def test_only_rank_0_prints(done, printed):
    for name in ("two", "one_then_two", "srun", "noisy"):
        assert printed(name, 0).splitlines()[-1].startswith("Count accuracy"), name
        assert printed(name, 1) == "", name


def test_a_summary_says_how_many_processes_there_were(done, run_of):
    assert run_of("one").summary()["processes"] == 1
    assert run_of("noisy").summary()["processes"] == 2


def test_a_run_goes_on_with_another_number_of_processes(done, run_of, printed):
    assert done.exits["two_then_one"] == [0]
    assert "Continuing after 2 epochs" in printed("two_then_one", 0)
    assert done.exits["one_then_two"] == [0, 0]
    assert "Continuing after 3 epochs" in printed("one_then_two", 0)
    run = run_of("two")
    assert [line["epoch"] for line in run.metrics()] == [1, 2, 3, 4]
    assert run.summary()["epochs"] == 4
    names = sorted(path.name for path in run.checkpoints.iterdir())
    assert names == ["epoch-00003-step-000000", "epoch-00004-step-000000"]


def test_srun_starts_processes_that_train_together(done, run_of):
    assert done.exits["srun"] == [0, 0]
    together, by_torchrun = run_of("srun").metrics(), run_of("two").metrics()
    assert [line["train"] for line in together] == [line["train"] for line in by_torchrun[:EPOCHS]]


def test_a_batch_that_cannot_be_shared_evenly_is_refused(done, printed):
    assert done.exits["uneven"][0] == 2
    assert "training.batch_size is 15" in printed("uneven", 0)
    assert "training.batch_size=14 can be shared" in printed("uneven", 0)
    assert not (done.folder / "uneven").exists()


def test_a_folder_that_rank_0_cannot_use_ends_all(done, printed):
    assert done.exits["used"] == [2, 130]
    assert "is not empty: continue with" in printed("used", 0)
    assert printed("used", 1) == ""


def test_a_value_that_is_not_finite_on_one_rank_fails_all_and_is_found(done, run_of, printed):
    from safetensors.torch import load_file

    assert done.exits["astray"] == [1, 130]
    said = printed("astray", 0)
    assert "the loss is not finite: in epoch 1, by step 4 of 4" in said
    assert "first came from likelihood noiseless.watched (log_prob) in step 1" in said
    assert printed("astray", 1) == ""
    run = run_of("astray")
    assert run.summary()["status"] == "failed"
    kept = load_file(run.path / "astray.safetensors")
    assert kept["image"].shape == (8, 1, 12, 12)


def test_a_rank_that_fails_alone_says_so_and_the_run_can_go_on(done, run_of, printed):
    assert done.exits["failing"] == [2, 1]
    assert "rank 1: Failed:" in printed("failing", 1)
    assert "this rank has had enough" in printed("failing", 1)
    assert "another process of this training has ended" in printed("failing", 0)
    assert f"objcentric train --resume {run_of('failing').path}" in printed("failing", 0)
    assert run_of("failing").summary()["status"] == "interrupted"
