"""A comparison on a Ray cluster: one on this machine, with room for one run."""

import json
import os
import signal
import sys
import time

import pytest
from typer.testing import CliRunner

from objcentric.comparison.pool import LOST
from objcentric.comparison.trial import Trial

ray = pytest.importorskip("ray", reason="needs Ray: pip install 'objcentric[ray]'")

pytestmark = pytest.mark.filterwarnings("ignore")  # Ray's own, which are not ours to mend

PATIENCE = 60
"""Seconds that a busy machine may take to end a process."""


@pytest.fixture(scope="module")
def cluster():
    """A cluster that ends with the tests, and does not call home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.delenv("RAY_ADDRESS", raising=False)
        quiet = {"include_dashboard": False, "log_to_driver": False, "logging_level": "ERROR"}
        ray.init("local", num_cpus=1, **quiet)  # never one that somebody else has started
        yield
        ray.shutdown()


@pytest.fixture
def pool(cluster):
    from objcentric.comparison.ray_pool import RayPool

    return lambda jobs: RayPool(jobs, lambda task, slot: {"PLACE": f"{task} in {slot}"})


def python(code, *arguments):
    return [sys.executable, "-S", "-c", code, *map(str, arguments)]


def drain(pool):
    ended = []
    while pool.running:
        ended += pool.wait(60)
    return dict(ended)


def test_a_command_knows_its_task_and_slot_and_folder_and_prints_to_its_log(
    pool, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code = "import os; print(os.environ['PLACE'], os.getcwd()); raise SystemExit(3)"
    with pool(2) as two:
        two.start("a", python(code), tmp_path / "log")
        two.start("b", python(code), tmp_path / "log")
        assert not two.has_room
        assert drain(two) == {"a": 3, "b": 3}
        assert two.has_room
    said = sorted((tmp_path / "log").read_text().splitlines())
    assert said == [f"a in 0 {tmp_path}", f"b in 1 {tmp_path}"]


def test_who_is_asked_to_stop_is_sent_sigterm_and_who_waits_for_room_does_not_begin(pool, tmp_path):
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    with pool(2) as two:
        code = "import signal, sys; open(sys.argv[1], 'w').close(); signal.pause()"
        two.start("a", python(code, ready), tmp_path / "log")
        ready.read_text()  # it runs
        two.start("b", python("raise SystemExit(3)"), tmp_path / "log")
        two.ask_to_stop()
        assert drain(two) == {"a": -signal.SIGTERM, "b": 130}


def test_the_loss_of_a_worker_is_told(pool, tmp_path):
    with pool(1) as one:
        one.start("a", python("import os; os.kill(os.getppid(), 9)"), tmp_path / "log")
        assert drain(one) == {"a": LOST}


def test_no_command_outlives_the_pool(pool, tmp_path):
    pid = tmp_path / "pid"
    os.mkfifo(pid)
    with pool(1) as one:
        code = "import os, signal, sys; print(os.getpid(), file=open(sys.argv[1], 'w'))"
        one.start("a", python(f"{code}; signal.pause()", pid), tmp_path / "log")
        number = int(pid.read_text())
    until = time.monotonic() + PATIENCE  # Ray ends it from another process
    while is_alive(number) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(number)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def compare(cluster, tiny_plugin, tiny_recipe_file, tmp_path):
    """`compare("--seeds", …)` compares on the cluster, into `tmp_path/out`."""
    from objcentric.cli.main import build_app

    def call(*words):
        command = ["compare", tiny_recipe_file, "--on", "ray", *words]
        command += ["--out", tmp_path / "out", "--plugin", tiny_plugin]
        return CliRunner().invoke(build_app(), [str(word) for word in command])

    return call


def content(folder):
    return json.loads((folder / "out" / "comparison.json").read_text())


def test_runs_are_trained_on_the_cluster_and_come_back_by_their_folders(
    compare, tmp_path, monkeypatch
):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    result = compare("--seeds", "1", "training.epochs=1")
    assert result.exit_code == 0, result.output
    assert "Training 1 runs, 1 at a time" in result.output
    assert content(tmp_path)["machine"] == {"cores": 1, "jobs": 1, "threads": 1}
    (run,) = content(tmp_path)["runs"]
    assert run["status"] == "finished"
    assert (tmp_path / "out/reference/seed-0/metrics.jsonl").is_file()


LOSING = """\
import os, pathlib, sys
attempts = pathlib.Path(sys.argv[1] + ".attempts")
attempts.open("a").write("x")
if len(attempts.read_text()) <= int(sys.argv[2]):
    os.kill(os.getppid(), 9)
raise SystemExit("tried")
"""


@pytest.mark.parametrize(
    ("losses", "attempts", "said"),
    [(1, 2, "exit code 1, and seed-0.log ends: tried"), (2, 2, "lost with its worker, twice")],
)
def test_a_run_whose_worker_dies_is_tried_again_once_and_is_a_row_then(
    compare, tmp_path, monkeypatch, losses, attempts, said
):
    def command(trial, plugins):
        return python(LOSING, trial.run.path, losses)

    monkeypatch.setattr(Trial, "command", command)
    result = compare("--seeds", "1")
    assert "reference, seed 0: its worker is lost; trying again" in result.output
    assert result.exit_code == 1  # no run has finished
    (run,) = content(tmp_path)["runs"]
    assert run["status"] == "failed"
    assert said in run["error"]
    assert len((tmp_path / "out/reference/seed-0.attempts").read_text()) == attempts
