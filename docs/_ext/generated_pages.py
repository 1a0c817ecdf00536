"""Writes the generated pages to docs/generated before the site is built (`generated_pages`).

They come from the registry, the command line and docstrings, so they cannot be out of date, and are
never committed.
"""

from pathlib import Path
from typing import Any

from api_pages import api_pages
from command_pages import command_page
from component_pages import component_pages
from outside_links import GENERATED, root_pages
from recipe_pages import recipe_pages

from objcentric.cli.main import build_app
from objcentric.registry import Registry


def generated_pages(registry: Registry) -> dict[str, str]:
    """All generated pages by name, relative to docs/generated and without ending."""
    return {
        **component_pages(registry),
        **recipe_pages(registry),
        "commands": command_page(build_app()),
        **api_pages(),
        **root_pages(),
    }


def write(folder: Path, pages: dict[str, str]) -> None:
    """Writes pages that have changed, so that only these are read again, and removes all others."""
    for old in folder.rglob("*.md"):
        if old.relative_to(folder).with_suffix("").as_posix() not in pages:
            old.unlink()
    for name, text in pages.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _write(app: Any) -> None:
    write(Path(app.srcdir) / GENERATED, generated_pages(Registry.discover()))


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
