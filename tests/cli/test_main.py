"""The command line over recipes and plugins."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from objcentric import __version__
from objcentric.cli.main import build_app
from objcentric.registry import registry

TOY = Path(__file__).parents[1] / "toys" / "toy.py"

RECIPE = """\
name: toy
scenes: toy_scenes
model:
  objects: 2
  what_dim: 3
  glimpse: 4
  glimpser: toy_glimpser
  encoder: toy_encoder
  decoder: toy_decoder
  scheduler: toy_scheduler
  estimator: toy_estimator
  prior: toy_prior
  compositor: toy_compositor
  likelihood: toy_likelihood
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command in an empty folder that has only the toy recipe in it."""
    monkeypatch.chdir(tmp_path)
    Path("toy.yaml").write_text(RECIPE)

    def invoke(*arguments):
        return CliRunner().invoke(build_app(), [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def shipped(tmp_path_factory, monkeypatch):
    """A folder that stands for that of the shipped recipes."""
    folder = tmp_path_factory.mktemp("recipes")
    monkeypatch.setattr(registry, "core_recipes", lambda: folder)
    (folder / "quick.yaml").write_text("name: quick\ndescription: two minutes\nsurprise: 1\n")
    (folder / "long.yaml").write_text("name: long\n")
    return folder


def test_ls_lists_recipes_with_their_descriptions(run, shipped):
    result = run("ls")
    assert result.exit_code == 0
    assert [line.split(maxsplit=1) for line in result.stdout.splitlines()] == [
        ["long"],
        ["quick", "two minutes"],
    ]


@pytest.mark.parametrize("pattern", ["QUI", "minutes"])
def test_ls_filters_by_name_and_description(run, shipped, pattern):
    assert run("ls", pattern).stdout.split() == ["quick", "two", "minutes"]


def test_ls_says_when_nothing_matches(run, shipped):
    result = run("ls", "zebra")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no recipe matches 'zebra'" in result.stderr


def test_ls_lists_a_recipe_that_it_cannot_read_as_such(run, shipped):
    (shipped / "torn.yaml").write_text("a: [")
    assert "torn   unreadable: " in run("ls").stdout


def test_show_prints_a_recipe_that_can_be_loaded_again(run):
    first = run("show", "toy.yaml", "seed=4", "--plugin", TOY)
    assert first.exit_code == 0
    assert "seed: 4\n" in first.stdout
    Path("again.yaml").write_text(first.stdout)
    assert run("show", "again.yaml", "--plugin", TOY).stdout == first.stdout


def test_validate_says_ok(run):
    result = run("validate", "toy.yaml", "--plugin", TOY)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "toy: ok\n", "")


def test_validate_says_all_that_is_wrong_on_stderr_without_a_traceback(run):
    result = run("validate", "toy.yaml", "seed=-1", "model.glimpse=x", "--plugin", TOY)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "command line: seed: expected greater than or equal to 0, got -1",
        'command line: model.glimpse: expected a valid integer, got "x"',
    ]


def test_validate_builds_the_model_to_hear_what_constructors_say(run):
    result = run("validate", "toy.yaml", "model.prior.low=0.9", "--plugin", TOY)
    assert result.exit_code == 2
    assert "toy.yaml:12:10: model.prior: toy.toy_prior refuses its options" in result.stderr


def test_cp_copies_a_shipped_recipe_into_the_folder(run, shipped):
    assert run("cp", "quick").stdout == "quick.yaml\n"
    assert Path("quick.yaml").read_text() == (shipped / "quick.yaml").read_text()


def test_cp_overwrites_only_when_it_is_forced(run):
    Path("mine.yaml").write_text("precious")
    refused = run("cp", "toy.yaml", "mine.yaml")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert Path("mine.yaml").read_text() == "precious"
    assert run("cp", "toy.yaml", "mine.yaml", "--force").exit_code == 0
    assert Path("mine.yaml").read_text() == RECIPE


@pytest.mark.parametrize("source", ["toy.yaml", "absent.yaml", "absent"])
def test_cp_of_what_cannot_be_copied_is_refused(run, shipped, source):
    result = run("cp", source, "--force")
    assert result.exit_code == 2
    assert result.stderr != ""
    assert Path("toy.yaml").read_text() == RECIPE


def test_plugins_lists_where_each_comes_from_and_what_it_brings(run):
    result = run("plugins", "--plugin", TOY)
    assert f"toy  {TOY}  healthy\n" in result.stdout
    assert "  toy.toy_scheduler\n" in result.stdout


def test_plugins_speaks_json(run):
    found = {row["plugin"]: row for row in json.loads(run("plugins", "--json").stdout)}
    assert found["air"]["healthy"] is True
    assert found["air"]["errors"] == []
    assert "air.spatial_transformer" in found["air"]["components"]
    assert {"distribution", "version"} <= found["air"].keys()


@pytest.mark.parametrize(
    ("code", "reason"), [("class :\n", "SyntaxError"), (None, "there is no plugin file")]
)
def test_a_plugin_file_that_cannot_be_loaded_is_a_message(run, code, reason):
    if code:
        Path("mine.py").write_text(code)
    result = run("show", "toy.yaml", "--plugin", "mine.py")
    assert result.exit_code == 2
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_command_of_a_plugin_may_say_its_own_exit_code(run, monkeypatch):
    def add_commands(_, app):
        app.command("leave")(lambda: sys.exit(3))
        return []

    monkeypatch.setattr(registry.Registry, "add_commands", add_commands)
    assert run("leave").exit_code == 3


def test_a_wrong_option_is_a_usage_error(run):
    assert run("ls", "--colour").exit_code == 2


def test_version_is_the_package_s(run):
    assert run("--version").stdout == f"objcentric {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["ls"], ["--help"], ["train", "--help"], ["compare", "--help"]]
)
def test_listing_and_help_import_no_torch(arguments):
    code = (
        "import sys, atexit, os\n"
        "from objcentric.cli.main import main\n"
        "atexit.register(lambda: os._exit(7 if 'torch' in sys.modules else 0))\n"
        f"sys.argv = ['objcentric', *{arguments!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
