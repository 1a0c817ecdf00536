"""`compare` waits for trainings that an earlier command left behind, and is right about them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from objcentric.comparison.trial import Trial

WORDS = ("compare", "tiny.yaml", "training.epochs=1", "--seeds", "1", "--out", "compared")
RUN = "compared/reference/seed-0"
HOLD = """\
import shutil, sys, time
from pathlib import Path
from objcentric.runs.run_lock import RunLock
run, ends_well = Path(sys.argv[1]), sys.argv[2] == "well"
with RunLock(run):
    print("held", flush=True)
    while not Path("go").exists():
        time.sleep(0.02)
    if ends_well:
        shutil.copy("kept.json", run / "summary.json")
"""


@pytest.fixture
def begun(attacked):
    """The comparison's run as it is during its first epoch; `kept.json` is its end."""
    shutil.copy(f"{RUN}/summary.json", "kept.json")
    summary = json.loads(Path("kept.json").read_text())
    running = summary | {"status": "running", "epochs": 0, "test": {}, "validation": {}}
    Path(RUN, "summary.json").write_text(json.dumps(running))
    Path(f"{RUN}.log").unlink()
    return attacked


@pytest.fixture
def trained_in(monkeypatch):
    """`trained_in(code)` lets a line of Python stand for a training that `compare` starts."""

    def replace(code):
        monkeypatch.setattr(Trial, "command", lambda *_: [sys.executable, "-c", code])

    return replace


@pytest.fixture
def when_it_waits(monkeypatch):
    """`when_it_waits(act)` acts once `compare` waits for a process that it did not start."""

    def replace(act):
        monkeypatch.setattr("objcentric.comparison.session.sleep", lambda _: act())

    return replace


def held(ending):
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", HOLD, RUN, ending], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def outcome():
    (run,) = json.loads(Path("compared/comparison.json").read_text())["runs"]
    return run["status"], run["epochs"], run["error"]


def test_a_training_that_was_left_behind_is_waited_for(begun, call, when_it_waits, trained_in):
    trained_in("raise SystemExit(7)")
    process = held("well")
    when_it_waits(lambda: (Path("go").touch(), process.wait()))
    result = call(*WORDS)
    process.stdout.close()
    assert result.exit_code == 0, result.output
    said = f"process {process.pid}, of an earlier command, is training it; waiting"
    assert f"reference, seed 0: {said}" in result.output
    assert outcome() == ("finished", 1, "")
    assert not Path(f"{RUN}.log").exists()  # nothing was started


def test_a_training_that_was_left_behind_and_dies_goes_on_here(
    begun, call, when_it_waits, trained_in
):
    trained_in(f"import shutil; shutil.copy('kept.json', '{RUN}/summary.json')")
    process = held("badly")
    when_it_waits(lambda: (Path("go").touch(), process.wait()))
    result = call(*WORDS)
    process.stdout.close()
    assert result.exit_code == 0, result.output
    assert outcome() == ("finished", 1, "")
    assert Path(f"{RUN}.log").exists()


def test_a_training_that_locks_its_folder_only_later_is_no_failure(
    begun, call, when_it_waits, trained_in, monkeypatch
):
    """It was so young that it had no lock yet: what is started beside it is refused."""
    trained_in("raise SystemExit(2)")

    def trained_elsewhere(trial):  # from when this command has started its own, to its end
        return "4711" if trial.log.exists() and not trial.is_done() else None

    monkeypatch.setattr(Trial, "trained_elsewhere", trained_elsewhere)
    when_it_waits(lambda: shutil.copy("kept.json", f"{RUN}/summary.json"))
    result = call(*WORDS)
    assert "process 4711, of an earlier command, is training it; waiting" in result.output
    assert outcome() == ("finished", 1, "")


def test_a_training_that_is_refused_otherwise_has_failed(begun, call, trained_in):
    trained_in("print('no such device'); raise SystemExit(2)")
    result = call(*WORDS)
    assert result.exit_code == 1
    status, _, error = outcome()
    assert status == "failed"
    assert error == "exit code 2, and seed-0.log ends: no such device"


def test_an_interrupted_comparison_says_what_goes_on_without_it(
    begun, call, when_it_waits, trained_in
):
    import os
    import signal

    trained_in("raise SystemExit(7)")
    process = held("well")
    when_it_waits(lambda: os.kill(os.getpid(), signal.SIGTERM))
    result = call(*WORDS)
    Path("go").touch()
    process.wait()
    process.stdout.close()
    assert result.exit_code == 130
    assert outcome()[0] == "running"
    assert "still trained by processes of an earlier command" in (
        Path("compared/comparison.md").read_text()
    )


def test_the_user_s_number_of_threads_is_kept(begun, call, trained_in, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    trained_in("import os, sys; print(os.environ['OMP_NUM_THREADS']); sys.exit(1)")
    call(*WORDS)
    assert Path(f"{RUN}.log").read_text() == "3\n"
