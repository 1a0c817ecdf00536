"""Processes side by side."""

import os
import signal
import sys

import pytest

from objcentric.comparison.process_pool import ProcessPool

Pool = ProcessPool[str]

MEET = """\
import os, signal, sys
signal.alarm(60)  # alone it would wait forever
os.close(os.open(sys.argv[1], os.O_RDONLY if sys.argv[2] == "a" else os.O_WRONLY))
"""


def python(code, *arguments):
    return [sys.executable, "-S", "-c", code, *map(str, arguments)]


def drain(pool):
    ended = []
    while pool.running:
        ended += pool.wait(60)
    return dict(ended)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


def test_processes_run_side_by_side(tmp_path, log):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with Pool(2, lambda task, slot: {}) as pool:
        for task in "ab":
            assert pool.has_room
            pool.start(task, python(MEET, fifo, task), log)
        assert not pool.has_room
        assert drain(pool) == {"a": 0, "b": 0}
        assert pool.has_room


def test_a_process_knows_its_task_and_its_slot_and_prints_to_its_log(log):
    code = "import os; print(os.environ['PLACE'])"
    with Pool(2, lambda task, slot: {"PLACE": f"{task} in {slot}"}) as pool:
        pool.start("a", python(code), log)
        pool.start("b", python(code), log)
        drain(pool)
    assert sorted(log.read_text().splitlines()) == ["a in 0", "b in 1"]


def test_exit_codes_are_told_by_task(log):
    with Pool(2, lambda task, slot: {}) as pool:
        pool.start("fine", python(""), log)
        pool.start("bad", python("raise SystemExit(3)"), log)
        assert drain(pool) == {"fine": 0, "bad": 3}


def test_who_is_asked_to_stop_is_sent_sigterm(log):
    with Pool(1, lambda task, slot: {}) as pool:
        pool.start("a", python("import signal; signal.pause()"), log)
        pool.ask_to_stop()
        assert drain(pool) == {"a": -signal.SIGTERM}


def test_no_process_outlives_the_pool(log):
    with Pool(1, lambda task, slot: {}) as pool:
        pool.start("a", python("import signal; signal.pause()"), log)
        ((_, process),) = pool._running.values()
    assert process.returncode == -signal.SIGKILL
