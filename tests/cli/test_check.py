"""`objcentric check`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from objcentric.cli.main import build_app

PLUGIN = """\
from objcentric.testing.partners.add import Add
from pydantic import PositiveInt


class Brighter(Add):
    def __init__(self, *, gain: PositiveInt) -> None:
        super().__init__()
        self.gain = gain

    def forward(self, layers, presence):
        return super().forward(layers, presence) * self.gain


class Rounding(Add):
    def forward(self, layers, presence):
        return super().forward(layers, presence.round())
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `objcentric check` next to a plugin file with two compositors, on a wide terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    Path("mine.py").write_text(PLUGIN)

    def invoke(*arguments: str):
        return CliRunner().invoke(build_app(), ["check", *arguments])

    return invoke


def rows(output: str) -> dict[tuple[str, str], str]:
    """Status by component and check."""
    cells = [[c.strip() for c in line.split("│")[1:-1]] for line in output.splitlines()]
    found, component = {}, ""
    for name, check, status, _ in (row for row in cells if len(row) == 4 and row[1]):
        component = name or component
        found[component, check] = status
    return found


def test_a_component_that_passes_exits_with_0(run):
    result = run("air.sum")
    assert result.exit_code == 0, result.output
    assert rows(result.stdout)["air.sum", "empty_scene"] == "passed"
    assert "passed" in result.stdout.splitlines()[-1]


def test_a_component_of_a_file_that_fails_exits_with_1_and_says_why(run):
    result = run("rounding", "--plugin", "mine.py")
    assert result.exit_code == 1
    assert rows(result.stdout)["mine.rounding", "relaxed_presence"] == "failed"
    assert "a gradient for the presence of every slot" in result.stdout
    assert "docs/conformance.md#relaxed_presence" in result.stdout


def test_a_plugin_is_all_of_its_components_and_those_that_need_options_are_skipped(run):
    result = run("mine", "--plugin", "mine.py")
    found = rows(result.stdout)
    assert result.exit_code == 1
    assert found["mine.brighter", "construction"] == "skipped"
    assert found["mine.rounding", "relaxed_presence"] == "failed"


def test_options_are_given_as_in_a_recipe(run):
    assert run("brighter", "gain=2", "--plugin", "mine.py").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nobody",), "there is no component 'nobody'"),
        (("nobody",), "plugins: "),
        (("brighter", "--plugin", "mine.py"), "give gain=VALUE"),
        (("brighter", "gain=0", "--plugin", "mine.py"), "gain: expected greater than 0, got 0"),
        (("brighter", "gain", "--plugin", "mine.py"), "expected KEY=VALUE"),
        (("air.sum", "--plugin", "absent.py"), "there is no plugin file absent.py"),
    ],
)
def test_a_mistake_exits_with_2_and_a_message(run, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
