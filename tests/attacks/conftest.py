"""Runs, a pack and a comparison of the tiny model, made once and damaged in copies."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="session")
def intact(
    tiny_plugin: Path, tiny_recipe_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder that holds `done`, `begun`, `pack` and `compared`."""
    import torch
    from typer.testing import CliRunner

    from objcentric.cli.main import build_app
    from objcentric.comparison.trial import Trial

    folder = tmp_path_factory.mktemp("intact")
    before, threads = Path.cwd(), torch.get_num_threads()
    os.chdir(folder)
    torch.set_num_threads(1)
    recipe, run = "tiny.yaml", "compared/reference/seed-0"
    shutil.copyfile(tiny_recipe_file, folder / recipe)
    np.save(folder / "white.npy", np.full((1, 12, 12), 255, np.uint8))
    compare = ("compare", recipe, "training.epochs=1", "--seeds", "1", "--out", "compared")
    commands = {
        ("train", recipe, "training.epochs=2", "--out", "done"): 0,
        ("pack", "done", "--out", "pack"): 0,
        # Its training fails at once, and is made up for in this process, which knows torch already.
        compare: 1,
        ("train", "compared/reference/arm.yaml", "seed=0", "--out", run): 0,
        (*compare, "--jobs", "1"): 0,
    }
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Trial, "command", lambda *_: ["false"])
            for words, code in commands.items():
                plugin = ("--plugin", str(tiny_plugin))
                result = CliRunner().invoke(build_app(), [*words, *plugin])
                assert result.exit_code == code, result.output
    finally:
        os.chdir(before)
        torch.set_num_threads(threads)
    shutil.copytree(folder / "done", folder / "begun")
    return folder


@pytest.fixture
def attacked(
    intact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_thread: None
) -> Path:
    """A copy of `intact`, to damage; it is the current folder."""
    place = tmp_path / "here"
    shutil.copytree(intact, place, symlinks=True)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def call(tiny_plugin: Path) -> Callable[..., Any]:
    """`call("evaluate", …)` runs a command in this process."""
    from typer.testing import CliRunner

    from objcentric.cli.main import build_app

    return lambda *words: CliRunner().invoke(
        build_app(), [*(str(word) for word in words), "--plugin", str(tiny_plugin)]
    )
