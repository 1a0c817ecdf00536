"""Trains the tiny model again and again, each time killed at another moment.

`test_killed_runs` runs it. One process forks for each training: starting Python and torch anew
would take far longer.
"""

import os
import shutil
import signal
import sys
from io import StringIO
from pathlib import Path
from typing import get_args

import torch
from rich.console import Console

import objcentric.training.epoch_end as epoch_end
from objcentric.interfaces import Split
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.runs.run_folders import new_run
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.train import train


def kill_at(moment: int) -> list[int]:
    """Lets the process die right before the given one of its batches and steps on the disk."""
    seen = [0]

    def watched(function):
        def call(*args, **kwargs):
            seen[0] += 1
            if seen[0] == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return call

    for name in ("fsync", "replace", "rename", "unlink", "rmdir", "mkdir"):
        setattr(os, name, watched(getattr(os, name)))
    EagerEngine.step = watched(EagerEngine.step)  # type: ignore[method-assign]
    return seen


def main() -> None:
    plugin, file, folder = (Path(argument) for argument in sys.argv[1:])
    torch.set_num_threads(1)
    epoch_end.draw_epoch = lambda *_: {}  # type: ignore[attr-defined]
    registry = Registry.discover([plugin])
    recipe = load(file, ["training.epochs=2"], registry)
    source = recipe.build_source()
    scenes = {split: source.scenes(split) for split in get_args(Split)}
    moment = 0
    while True:  # until a training is through before its moment comes
        moment += 1
        path = folder / f"{moment:03d}"
        path.mkdir()
        child = os.fork()
        if child == 0:
            kill_at(moment)
            with new_run(recipe, path) as run:
                train(run, scenes, registry, Console(file=StringIO()))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            if os.WEXITSTATUS(status) == 0:
                shutil.move(path, folder / "whole")
            sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()
