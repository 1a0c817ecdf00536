"""Runs commands of objcentric by one or several processes, as `torchrun` does, one after another.

`test_ranks` runs it: `python ranks.py FOLDER < JOBS`. One process forks for each rank: starting
Python and torch anew would take far longer. What a rank prints is in `FOLDER/NAME-RANK.txt`, and
`FOLDER/exits.json` holds the exit codes of all ranks by job.
"""

import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import torch

import objcentric.training.epoch_end
import objcentric.training.train
from objcentric.cli.main import main
from objcentric.training.engines.fabric import Fabric

assert Fabric  # imported before any fork
LONGEST = 60
"""Seconds after which a rank that hangs is killed."""


def free_port() -> int:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def environment(launcher: str, rank: int, ranks: int, port: int) -> dict[str, str]:
    """What a launcher tells a rank."""
    master = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    if launcher == "torchrun":
        places = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "GROUP_RANK")
        values = (rank, rank, ranks, ranks, 0)
        named = {name: str(value) for name, value in zip(places, values, strict=True)}
        return {**master, **named, "TORCHELASTIC_RUN_ID": "test"}
    places = ("PROCID", "LOCALID", "NODEID", "STEP_NUM_TASKS", "STEP_NUM_NODES", "NTASKS")
    values = (rank, rank, 0, ranks, 1, ranks)
    named = {f"SLURM_{name}": str(value) for name, value in zip(places, values, strict=True)}
    return {**master, **named, "SLURM_NTASKS_PER_NODE": str(ranks), "RANK": str(rank)}


def start(
    words: list[str],
    output: Path,
    variables: dict[str, str],
    first: Callable[[], None] = lambda: None,
) -> int:
    """Forks a process that runs a command, after `first`; returns its pid."""
    child = os.fork()
    if child:
        return child
    first()
    signal.alarm(LONGEST)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.environ.update(variables)
    sys.argv = ["objcentric", *words]
    code = 0
    try:
        main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)


def run(job: dict, folder: Path) -> list[int]:
    """Runs a job to its end; when a rank has failed, ends the others."""
    ranks, port = job["ranks"], free_port()
    launcher = job.get("launcher", "torchrun")
    alive = {}
    for rank in range(ranks):
        variables = environment(launcher, rank, ranks, port) if ranks > 1 else {}
        alive[start(job["words"], folder / f"{job['name']}-{rank}.txt", variables)] = rank
    codes = [0] * ranks
    while alive:
        pid, status = os.wait()
        codes[alive.pop(pid)] = code = os.waitstatus_to_exitcode(status)
        if code:
            for other in alive:
                os.kill(other, signal.SIGTERM)
    return codes


if __name__ == "__main__":
    torch.set_num_threads(1)
    objcentric.training.epoch_end.draw_epoch = lambda *_: {}  # type: ignore[attr-defined]
    objcentric.training.train.report_run = lambda *_: None  # type: ignore[attr-defined]
    place = Path(sys.argv[1])
    exits = {job["name"]: run(job, place) for job in json.load(sys.stdin)}
    (place / "exits.json").write_text(json.dumps(exits))
