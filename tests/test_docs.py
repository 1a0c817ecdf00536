"""What the README and the docs show works as shown."""

import re
from pathlib import Path

import pytest
from pages import PAGES, ROOT, code, name

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")


def python(page: Path) -> list[str]:
    return code(page.read_text(encoding="utf-8"), "python")


@pytest.mark.parametrize("page", [page for page in PAGES if python(page)], ids=name)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path) -> None:
    namespace: dict[str, object] = {}
    for block in python(page):
        exec(compile(block, name(page), "exec"), namespace)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = [first or second for first, second in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    lost = [target for target in local if not (page.parent / target).exists()]
    assert not lost


def test_every_file_of_the_tree_that_a_page_names_is_there() -> None:
    path = re.compile(r"`((?:objcentric|plugins|recipes|tests|docs)/[\w./-]+)`")
    lost = {
        (name(page), target)
        for page in PAGES
        for target in path.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / target).exists()
    }
    assert not lost
