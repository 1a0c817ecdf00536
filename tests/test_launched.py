"""What a process finds out about its launch, and how several of them talk."""

import pytest
import torch

from objcentric.across_ranks import (
    any_rank,
    from_all_ranks,
    from_first_rank,
    on_first_rank,
    rank,
    sum_across_ranks,
    world_size,
)
from objcentric.cli.failing import print_error
from objcentric.errors import ObjcentricError
from objcentric.interruption import Interruption
from objcentric.launched import Launch, launched
from objcentric.recipe.options import TrainingOptions
from objcentric.training.engines.fabric import make_fabric

TORCHRUN = {"TORCHELASTIC_RUN_ID": "7", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2"}
STEP = {"SLURM_STEP_NUM_TASKS": "4", "SLURM_STEP_NUM_NODES": "2"}
TASK = {"SLURM_PROCID": "3", "SLURM_LOCALID": "1"}


@pytest.fixture
def launch_by(monkeypatch):
    """Sets what a launcher says in the environment."""

    def use(*said):
        for name, value in {key: value for each in said for key, value in each.items()}.items():
            monkeypatch.setenv(name, value)

    return use


@pytest.mark.parametrize(
    ("said", "launch"),
    [
        ({}, None),
        ({**TORCHRUN, "RANK": "3", "WORLD_SIZE": "4"}, Launch("torchrun", 3, 1, 4, 2)),
        ({**TORCHRUN, "RANK": "0", "WORLD_SIZE": "1"}, None),
        ({**STEP, **TASK}, Launch("srun", 3, 1, 4, 2)),
        ({"SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0", "SLURM_LOCALID": "0"}, None),
        ({"SLURM_NTASKS": "4", "SLURM_PROCID": "0"}, None),  # a batch script
        ({**STEP, **TORCHRUN, "RANK": "1", "WORLD_SIZE": "1"}, None),  # a torchrun in each task
    ],
)
def test_a_process_knows_whether_it_trains_alone(launch_by, said, launch):
    launch_by(said)
    assert launched() == launch


def test_one_process_in_a_slurm_job_of_many_tasks_trains_alone(launch_by):
    launch_by({"SLURM_NTASKS": "4", "SLURM_JOB_NAME": "job", "SLURM_NTASKS_PER_NODE": "4"})
    assert make_fabric(TrainingOptions(device="cpu")).world_size == 1


def test_with_one_process_everything_is_as_it_is():
    values = torch.tensor([1.0, 2.0])
    assert sum_across_ranks(values) is values
    assert (any_rank(True), any_rank(False)) == (True, False)
    assert from_all_ranks("word") == ["word"]
    assert (from_first_rank(lambda: 3), on_first_rank(lambda: 4)) == (3, 4)
    assert (rank(), world_size()) == (0, 1)


@pytest.mark.parametrize(
    ("options", "devices", "said"),
    [
        ({"batch_size": 66}, 4, "training.batch_size=64 can be shared"),
        ({"batch_size": 3}, 4, "training.batch_size=4 can be shared"),
        ({"device": "cuda:1"}, 4, "training.device=cuda gives each process its own"),
        ({"device": "auto"}, 1, "2 processes on this machine need a CUDA device each"),
    ],
)
def test_what_several_processes_cannot_do_is_refused(
    launch_by, monkeypatch, options, devices, said
):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: devices)
    launch_by(TORCHRUN, {"RANK": "1", "WORLD_SIZE": "4"})
    with pytest.raises(ObjcentricError, match=said):
        make_fabric(TrainingOptions(**options))


def test_a_machine_with_more_processes_than_others_is_refused(launch_by):
    launch_by(TORCHRUN, {"RANK": "1", "WORLD_SIZE": "3"})
    with pytest.raises(ObjcentricError, match="start as many on every machine"):
        make_fabric(TrainingOptions(device="cpu", batch_size=3))


def test_another_rank_waits_for_rank_0_and_then_names_itself(launch_by, monkeypatch, capsys):
    waited = []
    monkeypatch.setattr("objcentric.cli.failing.let_first_rank_end", waited.append)
    print_error("it is wrong", ObjcentricError())
    assert capsys.readouterr().err == "it is wrong\n"
    launch_by(TORCHRUN, {"RANK": "1", "WORLD_SIZE": "2"})
    print_error("it is wrong", ObjcentricError())
    assert capsys.readouterr().err == "rank 1: it is wrong\n"
    assert len(waited) == 1


def test_a_comparison_is_no_matter_of_several_processes(launch_by, tiny_recipe_file):
    from typer.testing import CliRunner

    from objcentric.cli.main import build_app

    launch_by(TORCHRUN, {"RANK": "0", "WORLD_SIZE": "2"})
    result = CliRunner().invoke(build_app(), ["compare", str(tiny_recipe_file)])
    assert result.exit_code == 2
    assert "run it without torchrun" in result.output


def test_ranks_are_asked_to_stop_as_often_as_anybody_likes(capfd):
    import os
    import signal

    with Interruption(patient=True) as interruption:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGTERM)
        assert interruption.requested
    assert capfd.readouterr().err == ""
