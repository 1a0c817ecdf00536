"""Trains three seeds of the tiny model as one, killed right before one of its checkpoints.

`test_train_seeds` runs it: PLUGIN RECIPE FOLDER NUMBER, where NUMBER counts the checkpoints of all.
"""

import os
import signal
import sys
from pathlib import Path

import torch
from typer.testing import CliRunner

import objcentric.training.epoch_end as epoch_end
from objcentric.cli.main import build_app
from objcentric.runs.checkpoint import Checkpoint


def main() -> None:
    plugin, file, folder, number = sys.argv[1:]
    torch.set_num_threads(1)
    epoch_end.draw_epoch = lambda *_: {}  # type: ignore[attr-defined]
    saved, save = [0], Checkpoint.save

    def counted(checkpoint: Checkpoint, into: Path) -> Path:
        saved[0] += 1
        if saved[0] == int(number):
            os.kill(os.getpid(), signal.SIGKILL)
        return save(checkpoint, into)

    Checkpoint.save = counted  # type: ignore[method-assign]
    words = ["train", file, "training.epochs=2", "--seeds", "0..2", "--out", folder]
    CliRunner().invoke(build_app(), [*words, "--plugin", plugin])


if __name__ == "__main__":
    main()
