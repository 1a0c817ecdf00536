"""Links from docs/ to files outside of it, which the site has no page for (`inside`).

On a code host these links lead to the files. On the site, a recipe has a generated page,
CONTRIBUTING.md and CHANGELOG.md are pages as well, and source files are the pages of viewcode or
only named.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
GENERATED = "generated"
ROOT_PAGES = {"CONTRIBUTING.md": "contributing", "CHANGELOG.md": "changelog"}

_LINK = re.compile(r"\[([^\]\[]+)\]\(([^)\s]+)\)")


def root_pages() -> dict[str, str]:
    """The pages of the repository's root, by name below docs/generated."""
    return {
        name: inside((ROOT / file).read_text(encoding="utf-8"), ".", f"docs/{GENERATED}")
        for file, name in ROOT_PAGES.items()
    }


def inside(text: str, folder: str, shown_in: str = "") -> str:
    """Text in which no link leads out of docs/.

    Args:
        text: Markdown.
        folder: the folder from which its links lead, relative to the repository's root.
        shown_in: the folder of the page, if it is another.
    """

    def changed(link: re.Match[str]) -> str:
        words, target = link[1], link[2]
        if re.match(r"[a-z]+:|#", target):
            return link[0]
        path, _, anchor = target.partition("#")
        page = _page_of(posixpath.normpath(posixpath.join(folder, path)))
        if page is None:
            return words
        shown = posixpath.relpath(page, shown_in or folder)
        return f"[{words}]({shown}{'#' if anchor else ''}{anchor})"

    return _LINK.sub(changed, text)


def _page_of(path: str) -> str | None:
    """The page, or file below docs/, of a file of the repository; None if there is none."""
    if path.startswith("docs/"):
        return path
    if path in ROOT_PAGES:
        return f"docs/{GENERATED}/{ROOT_PAGES[path]}.md"
    if recipe := re.fullmatch(r"recipes/([\w-]+)\.yaml", path):
        return f"docs/{GENERATED}/recipes/{recipe[1]}.md"
    return None


def _change(app: Any, name: str, source: list[str]) -> None:
    if not name.startswith(GENERATED):
        source[0] = inside(source[0], posixpath.dirname(f"docs/{name}"))


def setup(app: Any) -> dict[str, bool]:
    app.connect("source-read", _change)
    return {"parallel_read_safe": True}
