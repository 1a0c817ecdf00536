"""Whatever objcentric offers has a page, and what has none is reported."""

from pathlib import Path

import pytest
import typer
from completeness import gaps
from component_pages import component_pages
from recipe_pages import recipe_pages

from objcentric.cli.main import build_app
from objcentric.registry import Registry

FAKE = '''
import torch
from objcentric import hookimpl
from objcentric.interfaces import Compositor, Metric
from pathlib import Path


class Silent(Compositor):
    def forward(self, layers, presence):
        return torch.zeros(1)


class Unread(Compositor):
    """A compositor whose option has no type."""

    def __init__(self, *, option=1):
        super().__init__()

    def forward(self, layers, presence):
        return torch.zeros(1)


class Nameless(Metric):
    """A metric that no page defines."""

    def measure(self, judged):
        return {}

    def figure(self, total):
        return None


@hookimpl
def objcentric_components():
    return [Silent, Unread, Nameless]


@hookimpl
def objcentric_recipes():
    return [Path(__file__).parent]
'''


@pytest.fixture(scope="module")
def with_fakes(tmp_path_factory) -> Registry:
    """The installed plugins, and one that nothing is written about."""
    folder: Path = tmp_path_factory.mktemp("fake")
    (folder / "fake.py").write_text(FAKE, encoding="utf-8")
    (folder / "unheard-of.yaml").write_text("extends: quickstart\n", encoding="utf-8")
    return Registry.discover([folder / "fake.py"])


def test_every_hook_component_metric_command_and_recipe_has_a_page(registry, generated):
    assert gaps(registry, build_app(), generated) == []


def test_components_and_recipes_of_which_nothing_is_written_are_reported(with_fakes, generated):
    new = set(gaps(with_fakes, build_app(), generated))
    assert new == {
        "component fake.silent: not in the catalogue",
        "component fake.silent: no docstring",
        "component fake.unread: not in the catalogue",
        "component fake.unread: its options cannot be read",
        "component fake.nameless: not in the catalogue",
        "metric fake.nameless: defined on no page",
        "recipe unheard-of: no page",
        "recipe unheard-of: on no page that is written by hand",
    }


def test_a_command_of_which_nothing_is_written_is_reported(registry, generated):
    app = build_app()

    @app.command()
    def unheard() -> None: ...

    assert gaps(registry, app, generated) == [
        "command unheard: not in the reference, or without help",
        "command unheard: on no page that is written by hand",
    ]


def test_a_hook_without_a_section_is_reported(registry, generated, monkeypatch):
    monkeypatch.setattr("objcentric.hookspecs.objcentric_unheard_of", print, raising=False)
    assert gaps(registry, build_app(), generated) == [
        "hook objcentric_unheard_of: no section in hooks.md"
    ]


def test_the_catalogue_has_every_option_with_its_meaning(registry):
    page = component_pages(registry)["components/prior"]
    section = page.partition("## air.air_prior\n")[2].partition("\n## ")[0]
    assert (
        "| `presence` | `float` | `0.01` | probability of one more object, in (0, 1). |" in section
    )
    assert "**Needs:** `ordered presence`" in section


def test_a_recipe_is_shown_with_what_it_extends_and_where_it_was_measured(registry):
    page = recipe_pages(registry)["recipes/crowded"]
    assert "Extends [`scattered`](scattered.md)." in page
    assert "(../../results/crowded.md)" in page
    assert "presence_kl: exact" in page  # of scattered: the recipe is written out


def test_no_two_components_share_a_section(registry, generated):
    headings = [f"## {entry.canonical}" for entry in registry.components()]
    text = "\n".join(page for name, page in generated.items() if name.startswith("components/"))
    assert [h for h in headings if text.splitlines().count(h) != 1] == []


def test_a_command_is_shown_with_its_arguments_and_options(generated):
    section = generated["commands"].partition("## train\n")[2].partition("\n## ")[0]
    assert "objcentric train RECIPE" in section
    assert "| `--quiet`, `-q` | Print no progress. |" in section


def test_commands_of_plugins_are_in_the_reference():
    from command_pages import command_page

    app = typer.Typer()

    @app.command()
    def first() -> None:
        """The first one."""

    @app.command()
    def epochs(run: Path) -> None:
        """How many epochs a run has done."""

    assert "## epochs\n\nHow many epochs a run has done." in command_page(app)
