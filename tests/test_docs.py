"""What the README and the docs show works as shown."""

import re
import tomllib
from pathlib import Path

import pytest
from pages import PAGES, code, name, sections
from source_tree import ROOT, needs_the_code

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")
NAMED_PATH = re.compile(r"`([\w.*-]+/[\w./*-]*|[\w.-]+\.(?:md|py|toml|txt|yaml|cff)|Makefile)`")


def python(page: Path) -> list[str]:
    return code(page.read_text(encoding="utf-8"), "python")


@pytest.mark.parametrize("page", [page for page in PAGES if python(page)], ids=name)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path) -> None:
    namespace: dict[str, object] = {}
    for block in python(page):
        exec(compile(block, name(page), "exec"), namespace)


@needs_the_code
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = [first or second for first, second in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    lost = [target for target in local if not (page.parent / target).exists()]
    assert not lost


@needs_the_code
def test_every_file_of_the_tree_that_a_page_names_is_there() -> None:
    path = re.compile(r"`((?:objcentric|plugins|recipes|tests|docs)/[\w./-]+)`")
    lost = {
        (name(page), target)
        for page in PAGES
        for target in path.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / target).exists()
    }
    assert not lost


@needs_the_code
@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/design.md"])
def test_every_path_that_a_page_about_the_tree_names_is_there(page: str) -> None:
    named = NAMED_PATH.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 1
    assert [path for path in named if not any(ROOT.glob(path.rstrip("/")))] == []


def test_the_rooms_of_the_design_are_those_of_the_import_contract() -> None:
    section = sections((ROOT / "docs/design.md").read_text(encoding="utf-8"))["Rooms"]
    (plan,) = code(section, "text")
    drawn = {room for line in plan.splitlines() for room in line.split("  ")[0].split()}
    with (ROOT / "pyproject.toml").open("rb") as file:
        layers = tomllib.load(file)["tool"]["importlinter"]["contracts"][0]["layers"]
    assert drawn == {room for layer in layers for room in layer.split(" | ")}
