"""Training the tiny model: figures, seeds, interruptions, failures."""

import json
import math
import os
import signal

import pytest
import torch
from torch.distributions import Distribution

from objcentric import hookimpl
from objcentric.model.wired_model import WiredModel
from objcentric.runs.checkpoint import Checkpoint, latest_checkpoint
from objcentric.runs.errors import TrainingFailed
from objcentric.training.engines.eager import EagerEngine


@pytest.fixture
def at_batch(monkeypatch):
    """`at_batch(7, action)` does something right before the seventh batch of all."""

    def arrange(number, action):
        batches = iter(range(1, 10**6))
        step = EagerEngine.step

        def counted(engine, *arguments):
            if next(batches) == number:
                action()
            step(engine, *arguments)

        monkeypatch.setattr(EagerEngine, "step", counted)

    yield arrange
    monkeypatch.undo()


@pytest.fixture
def after_batch(monkeypatch):
    """`after_batch(7, action)` does something to the engine right after the seventh batch."""

    def arrange(number, action):
        done = iter(range(1, 10**6))
        step = EagerEngine.step

        def followed(engine, *arguments):
            step(engine, *arguments)
            if next(done) == number:
                action(engine)

        monkeypatch.setattr(EagerEngine, "step", followed)

    return arrange


def spoil(engine):
    """As a last optimiser step does that diverges, after a loss that was finite."""
    with torch.no_grad():
        engine.model.decoder.layer.weight[0, 0] = math.nan


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


def test_a_summary_holds_all_that_scripts_rely_on(train_tiny):
    done = train_tiny()
    summary = json.loads(done.run.summary_file.read_text())
    assert summary == done.summary
    assert summary["status"] == "finished"
    assert (summary["recipe"], summary["seed"], summary["epochs"]) == ("tiny", 1, 3)
    assert (summary["steps"], summary["images"]) == (12, 192)  # 4 batches of 16 an epoch
    assert summary["device"] == "cpu"
    assert summary["versions"]["torch"] == str(torch.__version__).split("+")[0]
    assert "tiny" in summary["versions"]["plugins"]
    assert len(set(summary["scenes_sha256"].values())) == 3
    assert set(summary["scenes_sha256"]) == {"train", "validation", "test"}
    assert set(summary["test"]) == set(summary["validation"])
    assert set(summary["test"]) >= {
        *("count_accuracy", "elbo", "nll", "mse", "box_iou"),
        *("ink_enclosed", "slot_usage", "confusion"),
    }
    assert summary["train_seconds"] > 0
    assert summary["images_per_second"] == 192 / summary["train_seconds"]
    assert {"seconds_to_98_percent", "images_to_98_percent"} <= set(summary)
    assert summary["verdict"].startswith("Count accuracy ")


def test_metrics_have_a_line_an_epoch_and_the_last_one_ends_up_in_the_summary(train_tiny):
    done = train_tiny()
    lines = done.run.metrics()
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert [line["images"] for line in lines] == [64, 128, 192]
    assert set(lines[0]["train"]) == {
        *("loss", "nll", "presence_kl", "where_kl", "what_kl", "count_accuracy"),
        "baseline_error",
    }
    assert [set(line) & {"validation", "test"} for line in lines] == [
        *([{"validation"}] * 2),
        {"validation", "test"},
    ]
    assert lines[-1]["test"] == done.summary["test"]
    assert lines[-1]["validation"] == done.summary["validation"]
    assert lines[-1]["seconds"] == done.summary["train_seconds"]


def test_training_lowers_the_loss(train_tiny):
    lines = train_tiny("run", "training.epochs=12").run.metrics()
    assert lines[-1]["train"]["nll"] < lines[0]["train"]["nll"]
    assert lines[-1]["validation"]["elbo"] > lines[0]["validation"]["elbo"]


def test_the_test_scenes_are_looked_at_once_after_the_last_epoch(train_tiny, monkeypatch):
    looked = []

    def watched(model, scenes, metrics, device):
        looked.append(scenes.sha256)
        return {}

    monkeypatch.setattr("objcentric.training.epoch_end.evaluate", watched)
    seen = train_tiny().summary["scenes_sha256"]
    assert looked == [seen["validation"]] * 3 + [seen["test"]]


def test_endless_scenes_are_others_in_every_epoch(train_tiny, after_batch):
    """Each moves down by a pixel from epoch to epoch, in the tests' plugin."""
    seen = {}

    def look(engine):
        seen[engine._epoch] = engine.scenes.images.clone()

    for batch in (1, 5, 9):  # one of each epoch
        after_batch(batch, look)
    done = train_tiny("run", "scenes.endless=true")
    assert torch.equal(seen[1], seen[0].roll(1, 2))
    assert torch.equal(seen[2], seen[0].roll(2, 2))
    assert not torch.equal(seen[1], seen[0])
    assert done.summary["train_scenes"] == "endless"
    assert "train_scenes" not in train_tiny("other").summary


def test_an_interrupted_run_has_not_looked_at_the_test_scenes(train_tiny, at_batch):
    at_batch(6, interrupt)
    done = train_tiny()
    assert done.summary["status"] == "interrupted"
    assert done.summary["test"] == {}
    assert "verdict" not in done.summary
    assert all("test" not in line for line in done.run.metrics())


def test_every_batch_has_the_same_shape_and_no_scene_is_seen_twice_in_an_epoch(
    train_tiny, monkeypatch
):
    seen = []
    step = EagerEngine.step

    def watched(engine, number, images):
        seen.append(engine.batches[number].tolist())
        step(engine, number, images)

    monkeypatch.setattr(EagerEngine, "step", watched)
    train_tiny("run", "training.epochs=1")
    assert [len(batch) for batch in seen] == [16] * 4
    assert len({scene for batch in seen for scene in batch}) == 64  # of 70


def test_progress_is_told_in_tensors_that_stay_where_they_are(train_tiny, monkeypatch):
    """What captures a step once and replays it reads progress from the same place anew."""
    told = []
    objective = WiredModel.objective

    def watched(model, image, progress):
        told.append((progress.epoch, progress.epoch.item(), progress.images.item()))
        assert progress.epochs == 2
        return objective(model, image, progress)

    monkeypatch.setattr(WiredModel, "objective", watched)
    train_tiny("run", "training.epochs=2")
    assert len({tensor.data_ptr() for tensor, _, _ in told}) == 1
    assert [epoch for _, epoch, _ in told] == [step / 4 for step in range(8)]
    assert [images for _, _, images in told] == [16 * step for step in range(8)]


def test_the_same_seed_gives_the_same_figures_and_weights_to_the_bit(train_tiny, learned):
    assert learned(train_tiny("a").run) == learned(train_tiny("b").run)


def test_another_seed_gives_other_weights(train_tiny, learned):
    first, second = learned(train_tiny("a").run), learned(train_tiny("b", "seed=2").run)
    assert first["model.safetensors"] != second["model.safetensors"]


def test_evaluations_leave_the_noise_of_training_alone(train_tiny, learned):
    often = learned(train_tiny("often").run)
    once = learned(train_tiny("once", "training.eval_every=3").run)
    assert [("validation" in line) for line in once["metrics"]] == [False, False, True]
    assert once["model.safetensors"] == often["model.safetensors"]


@pytest.mark.parametrize("endless", [False, True], ids=["data set", "endless"])
@pytest.mark.parametrize("batch", [1, 3, 4, 5, 8, 12])
def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(
    train_tiny, learned, at_batch, batch, endless, capfd
):
    changes = ["scenes.endless=true"] if endless else []
    whole = learned(train_tiny("whole", *changes).run)
    at_batch(batch, interrupt)
    first = train_tiny("run", *changes)
    if batch < 12:
        assert first.summary["status"] == "interrupted"
        assert first.summary["steps"] == batch
    second = train_tiny("run", *changes)
    assert second.summary["status"] == "finished"
    assert learned(second.run) == whole
    assert "again to stop at once" in capfd.readouterr().err


def test_a_second_interrupt_stops_at_once(train_tiny, at_batch, tmp_path):
    before = signal.getsignal(signal.SIGINT)  # ignored, where the tests run in the background
    at_batch(6, lambda: (interrupt(), interrupt()))
    with pytest.raises(KeyboardInterrupt):
        train_tiny()
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["status"] == "interrupted"
    assert signal.getsignal(signal.SIGINT) is before


def test_sigterm_is_an_interrupt(train_tiny, at_batch):
    at_batch(2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert train_tiny().summary["status"] == "interrupted"


def test_more_epochs_later_are_as_good_as_more_epochs_at_once(train_tiny, learned):
    train_tiny("run", "training.epochs=1")
    later = train_tiny("run", "training.epochs=3")
    assert learned(later.run) == learned(train_tiny("whole").run)
    assert "Continuing after 1 epochs" in later.printed


def test_a_loss_that_is_not_finite_fails_the_run_and_keeps_the_last_good_epoch(
    train_tiny, tmp_path
):
    with pytest.raises(TrainingFailed, match=r"epoch 2, by step 4 of 4 .*nll.*training\.lr"):
        train_tiny("run", "model.likelihood.explode_after=6")
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["status"] == "failed"
    assert "not finite" in summary["error"]
    (checkpoint,) = (tmp_path / "run" / "checkpoints").iterdir()
    weights = Checkpoint.load(checkpoint).model
    assert all(weight.isfinite().all() for weight in weights.values())
    assert checkpoint.name == "epoch-00001-step-000000"


@pytest.mark.parametrize(("batch", "good"), [(12, "epoch-00002"), (8, "epoch-00001"), (4, None)])
def test_a_weight_that_is_not_finite_after_an_epoch_fails_the_run_and_keeps_the_last_good_epoch(
    train_tiny, after_batch, tmp_path, batch, good
):
    after_batch(batch, spoil)
    with pytest.raises(
        TrainingFailed, match=r"model is not finite: .*\(not finite: decoder\.layer"
    ):
        train_tiny()
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert (summary["status"], summary["epochs"]) == ("failed", batch // 4 - 1)
    assert summary["error"].startswith("TrainingFailed: the model is not finite")
    latest = latest_checkpoint(tmp_path / "run" / "checkpoints")
    assert (latest.name if latest else None) == (f"{good}-step-000000" if good else None)


def test_an_interrupted_epoch_with_a_weight_that_is_not_finite_is_no_checkpoint(
    train_tiny, after_batch, tmp_path
):
    after_batch(6, lambda trainer: (spoil(trainer), interrupt()))
    with pytest.raises(TrainingFailed, match="by step 2 of 4"):
        train_tiny()
    (kept,) = (tmp_path / "run" / "checkpoints").iterdir()
    assert kept.name == "epoch-00001-step-000000"


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("1e39", "the model is not finite"),
        ("1e30", "the evaluation on validation scenes is not finite"),
    ],
)
def test_a_run_that_diverges_in_its_only_step_fails(train_tiny, tmp_path, rate, said):
    options = ("scenes.train=16", "training.epochs=1", f"training.lr={rate}")
    with pytest.raises(TrainingFailed, match=said):
        train_tiny("run", *options)
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert (summary["status"], summary["test"]) == ("failed", {})
    assert not (tmp_path / "run" / "checkpoints").exists()


def test_a_component_that_raises_fails_the_run_with_its_own_error(train_tiny, at_batch, tmp_path):
    at_batch(2, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train_tiny()
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert (summary["status"], summary["error"]) == (
        "failed",
        "ZeroDivisionError: division by zero",
    )


def test_distributions_check_their_arguments_again_after_a_training(train_tiny, at_batch):
    seen = []
    at_batch(1, lambda: seen.append(Distribution._validate_args))
    before = Distribution._validate_args
    train_tiny("run", "training.epochs=1")
    assert seen == [False]
    assert Distribution._validate_args is before


@pytest.mark.parametrize("precision", ["bf16-mixed", "64-true"])
def test_other_precisions_train_and_resume_to_the_bit(train_tiny, learned, precision):
    option = f"training.precision={precision}"
    whole = train_tiny("whole", option)
    assert math.isfinite(whole.run.metrics()[-1]["train"]["loss"])
    weights = Checkpoint.load(whole.run.latest_checkpoint()).model
    dtype = torch.float64 if precision == "64-true" else torch.float32
    assert {weight.dtype for weight in weights.values()} == {dtype}
    train_tiny("run", option, "training.epochs=2")
    assert learned(train_tiny("run", option).run) == learned(whole.run)


def test_a_run_that_is_no_terminal_prints_one_line_an_epoch(train_tiny):
    lines = train_tiny().printed.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    assert all("images/s" in line and "count accuracy" in line for line in lines)
    assert [" test " in line for line in lines] == [False, False, True]
    assert all(" validation " in line for line in lines)


class _Meddler:
    """An observer that draws random numbers, and then fails."""

    def __init__(self):
        self.calls = []

    @hookimpl
    def objcentric_run_started(self, run):
        self.calls.append("started")

    @hookimpl
    def objcentric_run_evaluated(self, run, epoch, metrics):
        self.calls.append((epoch, metrics["epoch"], metrics["validation"]["count_accuracy"]))
        torch.rand(3)
        raise RuntimeError("out of disk\nand much more")

    @hookimpl
    def objcentric_run_finished(self, run, summary):
        self.calls.append(summary["status"])


def test_an_observer_that_draws_numbers_and_fails_changes_nothing(
    train_tiny, learned, tiny_registry
):
    whole = learned(train_tiny("whole").run)
    meddler = _Meddler()
    tiny_registry._manager.register(meddler, name="meddler")
    done = train_tiny("run")
    assert learned(done.run) == whole
    accuracies = [line["validation"]["count_accuracy"] for line in done.run.metrics()]
    epochs = [(n, n, accuracy) for n, accuracy in enumerate(accuracies, start=1)]
    assert meddler.calls == ["started", *epochs, "finished"]
    assert done.printed.count("of meddler failed, training goes on: out of disk\n") == 1


def test_an_observer_of_an_epoch_finds_its_checkpoint_and_what_its_pictures_show(
    train_tiny, tiny_registry
):
    seen = []

    class Looking:
        @hookimpl
        def objcentric_run_evaluated(self, run, epoch, snapshot):
            seen.append((epoch, run.checkpoint().name, snapshot is not None))

    tiny_registry._manager.register(Looking())
    train_tiny("run", "training.epochs=4")
    moments = [f"epoch-{epoch:05d}-step-000000" for epoch in (1, 2, 3, 4)]
    assert seen == list(zip((1, 2, 3, 4), moments, (True, True, False, True), strict=True))


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_the_same_recipe_trains_and_resumes_on_a_cuda_device(train_tiny, precision):
    options = ("training.device=auto", f"training.precision={precision}")
    train_tiny("run", *options, "training.epochs=1")
    done = train_tiny("run", *options)
    assert done.summary["device"] == "cuda:0"
    assert done.summary["steps"] == 12
    assert math.isfinite(done.run.metrics()[-1]["train"]["loss"])
