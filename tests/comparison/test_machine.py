"""How a machine is shared out."""

import os

import pytest

from objcentric.comparison.machine import Machine
from objcentric.recipe.options import TrainingOptions


@pytest.fixture
def eight_cores(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


@pytest.mark.parametrize(
    ("jobs", "runs", "expected", "threads"),
    [(None, 20, 8, 1), (None, 3, 3, 2), (2, 20, 2, 4), (3, 20, 3, 2), (16, 20, 16, 1)],
)
def test_jobs_share_the_cores(eight_cores, jobs, runs, expected, threads):
    machine = Machine.found(TrainingOptions(device="cpu"), jobs, runs)
    assert (machine.jobs, machine.threads) == (expected, threads)
    assert machine.environment(0) == {"OMP_NUM_THREADS": str(threads)}


@pytest.mark.parametrize(("said", "threads"), [("1", 1), ("3", 3), ("", 4), ("0", 4), ("many", 4)])
def test_the_users_own_number_of_threads_is_kept(eight_cores, monkeypatch, said, threads):
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    machine = Machine.found(TrainingOptions(device="cpu"), 2, 20)
    assert machine.environment(0) == {"OMP_NUM_THREADS": str(threads)}


@pytest.fixture
def two_devices(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)


@pytest.mark.parametrize(("visible", "names"), [(None, ["0", "1"]), ("2,5", ["2", "5"])])
def test_cuda_devices_are_dealt_out(eight_cores, two_devices, monkeypatch, visible, names):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    machine = Machine.found(TrainingOptions(device="auto"), None, 20)
    assert (machine.jobs, machine.threads) == (2, 4)
    assert [machine.environment(slot)["CUDA_VISIBLE_DEVICES"] for slot in range(2)] == names


def test_a_device_that_the_recipe_names_is_left_to_it(eight_cores, two_devices):
    machine = Machine.found(TrainingOptions(device="cuda:1"), None, 20)
    assert machine.jobs == 1
    assert "CUDA_VISIBLE_DEVICES" not in machine.environment(0)
