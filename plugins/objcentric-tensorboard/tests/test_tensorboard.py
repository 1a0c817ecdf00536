"""What a run writes for TensorBoard, read back."""

import sys

import pytest

pytest.importorskip("tensorboard")


@pytest.fixture
def written():
    """All that TensorBoard finds in a run folder."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    def read(run):
        everything = {"histograms": 0, "images": 0}
        return EventAccumulator(str(run.path / "tensorboard"), size_guidance=everything).Reload()

    return read


def test_figures_scenes_and_presence_are_read_back_as_they_were(train_tiny, written):
    done = train_tiny("run", "tensorboard.enabled=true", "training.epochs=2")
    assert "warning" not in done.printed
    events = written(done.run)
    for split, name in (("train", "loss"), ("validation", "count_accuracy")):
        figures = [(e.step, e.value) for e in events.Scalars(f"{split}/{name}")]
        lines = done.run.metrics()
        assert figures == [(n, pytest.approx(lines[n - 1][split][name])) for n in (1, 2)]
    assert [e.step for e in events.Images("scenes/found 1")] == [1, 2]
    assert [e.histogram_value.num for e in events.Histograms("scenes/presence")] == [16, 16]
    assert {tag.split("/")[0] for tag in events.Tags()["tensors"]} == {"recipe", "status"}


def test_a_resumed_run_goes_on_in_the_same_folder(train_tiny, written):
    for epochs in (1, 2):
        done = train_tiny("run", "tensorboard.enabled=true", f"training.epochs={epochs}")
    steps = [e.step for e in written(done.run).Scalars("validation/count_accuracy")]
    assert steps == [1, 2]


def test_a_run_that_does_not_ask_for_it_has_no_such_folder(train_tiny):
    done = train_tiny("run", "training.epochs=1")
    assert not (done.run.path / "tensorboard").exists()


def test_where_tensorboard_is_missing_one_line_says_how_to_install_it(train_tiny, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    done = train_tiny("run", "tensorboard.enabled=true", "training.epochs=2")
    assert done.summary["status"] == "finished"
    (line,) = [line for line in done.printed.splitlines() if "warning" in line]
    assert line.endswith("TensorBoard is not installed: pip install 'objcentric[tensorboard]'")
