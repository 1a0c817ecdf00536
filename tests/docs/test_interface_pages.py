"""The worked example of each interface's page passes the checks of the conformance kit."""

import shlex
from pathlib import Path

import pytest
from pages import ROOT, code, name

from objcentric import interfaces
from objcentric.component import Component, is_concrete, snake_case
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.testing import check_component

FOLDER = ROOT / "docs" / "interfaces"
KINDS = {
    snake_case(kind.__name__): kind
    for kind in vars(interfaces).values()
    if isinstance(kind, type) and Component in kind.__bases__
}


def examples(page: Path, kind: type[Component]) -> list[type[Component]]:
    """The components of an interface that a page defines."""
    namespace: dict[str, object] = {"__name__": page.stem}
    for block in code(page.read_text(encoding="utf-8"), "python"):
        exec(compile(block, name(page), "exec"), namespace)
    return [
        found
        for found in namespace.values()
        if isinstance(found, type) and issubclass(found, kind) and is_concrete(found)
    ]


def test_every_interface_has_a_page_and_no_page_is_of_another():
    pages = {page.stem for page in FOLDER.glob("*.md")} - {"index"}
    assert pages == KINDS.keys()


@pytest.mark.parametrize("interface", sorted(KINDS))
def test_the_example_of_a_page_passes_every_check(interface):
    (component,) = examples(FOLDER / f"{interface}.md", KINDS[interface])
    failed = [r for r in check_component(component) if r.status not in ("passed", "skipped")]
    assert failed == []


@pytest.mark.parametrize("interface", sorted(KINDS))
def test_the_command_of_a_page_is_a_recipe_that_builds_with_the_example(interface, tmp_path):
    text = (FOLDER / f"{interface}.md").read_text(encoding="utf-8")
    (example,) = code(text, "python")
    words = shlex.split(code(text, "console")[-1])
    plugin = tmp_path / words[words.index("--plugin") + 1]
    assert example.startswith(f"# file: {plugin.name}\n")
    plugin.write_text(example, encoding="utf-8")
    command, recipe, *rest = words[1:]
    if command == "evaluate":  # of a run
        recipe = Path(recipe).name.rpartition("-seed")[0]
    overrides = [word for word in rest[: rest.index("--plugin")] if "=" in word]
    read = load(recipe, overrides, Registry.discover([plugin]))
    assert snake_case(plugin.stem) in read.to_yaml()
    read.build_model(read.build_source().image_shape)
