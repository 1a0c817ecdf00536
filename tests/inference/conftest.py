"""A tiny trained run, and its pack."""

import json

import pytest

from objcentric.runs.pack import write_pack
from objcentric.runs.seal import sealed


@pytest.fixture
def run(train_tiny):
    """The folder of a run of one epoch; it takes 12×12 grey images and has two slots."""
    return train_tiny("run", "training.epochs=1").run.path


@pytest.fixture
def pack(run, tiny_registry, tmp_path):
    """The folder of the run's pack."""
    from objcentric.runs.run_folders import stored_run

    return write_pack(stored_run(run, tiny_registry), tmp_path / "pack")


@pytest.fixture
def reseal():
    """`reseal(pack)` makes checksums true again, as somebody with bad intentions would."""

    def write(pack):
        (pack / "pack.json").unlink()
        (pack / "pack.json").write_text(json.dumps(sealed({}, pack)))

    return write


@pytest.fixture
def call(tiny_plugin, tmp_path, monkeypatch, one_thread):
    """`call("infer", …)` runs a command in `tmp_path`, with the tiny plugin."""
    from typer.testing import CliRunner

    from objcentric.cli.main import build_app

    monkeypatch.chdir(tmp_path)
    return lambda *words, stdin=None: CliRunner().invoke(
        build_app(),
        [*(str(word) for word in words), "--plugin", str(tiny_plugin)],
        input=stdin,
    )
