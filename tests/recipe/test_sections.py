"""Sections that plugins add to recipes."""

import re
from pathlib import Path

import pytest

from objcentric.recipe import RecipeError, load
from objcentric.registry import Registry

HOOK = """
from pydantic import BaseModel
from objcentric import hookimpl

class Options(BaseModel, frozen=True):
    level: int = 3
    tags: list[str] = []

@hookimpl
def objcentric_recipe_sections():
    return {sections}
"""


@pytest.fixture
def extended(monkeypatch, write, tmp_path):
    """Loads the toy recipe where two plugins and nothing else is installed: the toys, and one
    that adds sections. Asked for `None`, it returns the registry."""
    monkeypatch.setattr("objcentric.registry.registry.installed_sources", list)
    toys = Path(__file__).parents[1] / "toys" / "toy.py"
    write("toy.yaml")

    def run(*overrides, **plugins):
        files = [toys]
        for name, sections in (plugins or {"more": "{'logging': Options}"}).items():
            (tmp_path / f"{name}.py").write_text(HOOK.format(sections=sections))
            files.append(tmp_path / f"{name}.py")
        registry = Registry.discover(files)
        return load("toy.yaml", overrides, registry) if overrides != (None,) else registry

    return run


def test_a_section_that_is_left_out_has_its_defaults_and_is_written_out(extended):
    recipe = extended()
    assert recipe.sections["logging"].level == 3
    assert list(recipe.plain())[-1] == "logging"
    assert recipe.plain()["logging"] == {"level": 3, "tags": []}


def test_what_a_recipe_says_of_a_section_is_read(extended):
    recipe = extended("logging.level=5", "logging.tags=[a]")
    assert recipe.plain()["logging"] == {"level": 5, "tags": ["a"]}


def test_where_no_plugin_adds_one_a_recipe_has_no_further_sections(extended):
    assert dict(extended(more="{}").sections) == {}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("loging.level=5", "loging: unknown key 'loging'; did you mean 'logging'?; known here: na"),
        ("tracking.wandb=off", "tracking: unknown key 'tracking'"),
        ("logging.levl=5", "logging.levl: unknown key 'levl'; did you mean 'level'?"),
        ("logging.level=x", 'logging.level: expected a valid integer, got "x"'),
        ("logging=3", "logging: expected"),
    ],
)
def test_a_mistake_in_a_section_is_reported_at_its_place(extended, override, message):
    with pytest.raises(RecipeError) as error:
        extended(override)
    assert str(error.value).startswith(f"command line: {message}")


def test_a_section_that_two_plugins_bring_is_a_mistake_only_where_it_is_used(extended):
    twice = {"one": "{'logging': Options}", "two": "{'logging': Options, 'other': Options}"}
    assert list(extended(**twice).sections) == ["other"]
    with pytest.raises(RecipeError, match="logging: the plugins one and two both bring the recipe"):
        extended("logging.level=5", **twice)
    errors = {s.plugin: s.errors for s in extended(None, **twice).plugins}
    assert errors["one"] == errors["two"]
    assert "both bring the recipe section 'logging'; uninstall one" in errors["one"][0]


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ("{'model': Options}", "the recipe section 'model' is objcentric's own"),
        ("{'logging': int}", "'logging' is <class 'int'>, no pydantic model"),
        ("['logging']", r"returned \['logging'\], not options by section"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_plugin_whose_sections_cannot_be_adds_none_and_says_why(extended, sections, reason):
    recipe = extended(bad=sections, more="{'logging': Options}")
    assert list(recipe.sections) == ["logging"]
    (status,) = [s for s in extended(None, bad=sections).plugins if s.plugin == "bad"]
    assert not status.healthy
    assert re.search(reason, status.errors[0])
