"""Every hook is documented by an example that works, and tested."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer
from pages import ROOT, code, sections
from typer.testing import CliRunner

from objcentric import hookspecs
from objcentric.interfaces import Compositor
from objcentric.registry import Registry
from objcentric.runs.observers import Observers
from objcentric.testing import check_component

PAGE = ROOT / "docs" / "hooks.md"
HOOKS = [name for name in vars(hookspecs) if name.startswith("objcentric_")]


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """The plugin that the page's examples make up."""
    file = tmp_path / "lab.py"
    file.write_text("\n".join(code(page(), "python")), encoding="utf-8")
    return file


@pytest.fixture
def tiny_registry(tiny_plugin: Path, lab: Path) -> Registry:
    """What the tiny runs are trained with: here the page's plugin observes them."""
    return Registry.discover([tiny_plugin, lab])


def module() -> ModuleType:
    return sys.modules["objcentric_file_lab"]


def test_the_page_has_a_section_for_every_hook_and_for_nothing_else():
    assert list(sections(page())) == HOOKS


def test_the_table_lists_every_hook():
    table = [line.split("`")[1] for line in page().splitlines() if line.startswith("| `")]
    assert table == HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_the_section_of_a_hook_has_an_example_of_it(hook: str):
    example = "\n".join(code(sections(page())[hook], "python"))
    assert f"@hookimpl\ndef {hook}(" in example


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_implemented_by_a_test(hook: str):
    tests = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("plugins/*/tests/**/*.py")]
    assert any(f"def {hook}(" in path.read_text(encoding="utf-8") for path in tests)


def test_the_component_of_the_page_is_found_and_conforms(lab):
    registry = Registry.discover([lab])
    found = registry.find(Compositor, "lab.brightest").load()
    statuses = {result.status for result in check_component(found, registry=registry)}
    assert statuses <= {"passed", "skipped"}


def test_the_recipes_of_the_page_are_found(lab):
    (lab.parent / "recipes").mkdir()
    (lab.parent / "recipes" / "two-digits.yaml").touch()
    assert "two-digits" in Registry.discover([lab]).recipes()


def test_the_kit_of_the_page_checks_a_lens(lab):
    registry = Registry.discover([lab])
    results = {r.name: r.status for r in check_component(module().Glass, registry=registry)}
    assert {results["shapes"], results["keeps_black"]} == {"passed"}


def test_the_command_of_the_page_counts_the_epochs_of_a_run(lab, train_tiny):
    app = typer.Typer()
    assert Registry.discover([lab]).add_commands(app) == []
    done = train_tiny("run", "training.epochs=2")
    assert CliRunner().invoke(app, [str(done.run.path)]).stdout == "2\n"


def test_the_observers_of_the_page_see_a_run_from_start_to_end(train_tiny):
    done = train_tiny("run", "training.epochs=2", "notes.author=ada")
    assert "warning" not in done.printed
    path = done.run.path
    assert (path / "about.txt").read_text().startswith("ada on ")
    figures = [line.split(",") for line in (path / "mse.csv").read_text().splitlines()]
    assert figures == [
        [str(line["epoch"]), str(line["validation"]["mse"])] for line in done.run.metrics()
    ]
    assert (path.parent / "runs.log").read_text() == "run finished\n"


def test_the_runs_of_a_comparison_get_the_variables_of_the_page(lab, tiny_recipe):
    hook = Registry.discover([lab]).hook
    told = Observers(hook, print).comparison_started(Path("runs/pairs"), [tiny_recipe()] * 2)
    assert told["LAB_NOTEBOOK"] == "pairs: 2 arms"
