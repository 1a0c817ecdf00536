"""The sweeps that are shipped, as wandb's agent would start them."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

ROOT = Path(__file__).parents[3]
SWEEPS = sorted((ROOT / "recipes" / "sweeps").glob("*.yaml"))


def first(options):
    """A value that a sweep may choose for a parameter."""
    return options.get("value", options.get("values", [options.get("min")])[0])


@pytest.mark.parametrize("file", SWEEPS, ids=lambda file: file.stem)
def test_the_command_of_a_sweep_trains_a_recipe_that_is_valid(file):
    from wandb.sdk.launch.sweeps.utils import create_sweep_command, create_sweep_command_args

    from objcentric.cli.main import build_app

    sweep = YAML(typ="safe").load(file)
    chosen = {name: {"value": first(options)} for name, options in sweep["parameters"].items()}
    macros = create_sweep_command_args({"args": chosen})
    macros |= {"env": ["/usr/bin/env"], "program": [sweep["program"]]}
    words = [
        word
        for part in create_sweep_command(sweep["command"])
        for word in (macros[part[2:-1]] if part.startswith("${") else [part])
    ]
    assert words[:3] == ["/usr/bin/env", "objcentric", "train"]
    assert len(words) > 4
    result = CliRunner().invoke(build_app(), ["validate", *words[3:]])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("file", SWEEPS, ids=lambda file: file.stem)
def test_a_sweep_is_no_recipe(file):
    from objcentric.registry import Registry

    assert file not in Registry.discover().recipes().values()
