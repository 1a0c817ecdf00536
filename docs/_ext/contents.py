"""The order of the site's pages (`CONTENTS`), put under the index when the site is built.

A code host would show a table of contents of Sphinx as code, so docs/index.md has none.
"""

from typing import Any

CONTENTS: dict[str, list[str]] = {
    "Start": ["tutorial", "how-air-works", "family", "recipes", "running", "faq"],
    "Your data, your model": [
        "own-images",
        "python",
        "infer",
        "report",
        "comparing",
        "many-machines",
    ],
    "Extending": ["components", "interfaces/index", "blocks", "plugins", "hooks", "conformance"],
    "Background": ["design", "scenes", "metrics", "pursuit"],
    "Measured": ["results/index", "lab/index"],
    "Reference": [
        "generated/components/index",
        "generated/recipes/index",
        "generated/commands",
        "generated/api/index",
    ],
    "Project": ["generated/changelog", "generated/contributing"],
}
"""Captions and pages. A page of docs/ that is in no list goes under `REST`."""

REST = "More"
CATALOGUE = "generated/components/"
BELOW = {"interfaces", "results", "lab", "generated"}
"""Folders whose pages the index of the folder lists."""


def listed(found: set[str]) -> dict[str, list[str]]:
    """The contents with every page that is found, and with no other.

    Args:
        found: names of pages, relative to docs/ and without ending.
    """
    known = {page for pages in CONTENTS.values() for page in pages}
    rest = {page for page in found - known - {"index"} if page.split("/")[0] not in BELOW}
    wanted = {**CONTENTS, REST: sorted(rest)}
    kept = {caption: [p for p in pages if p in found] for caption, pages in wanted.items()}
    return {caption: pages for caption, pages in kept.items() if pages}


def toctree(pages: list[str], caption: str = "", *, hidden: bool = True) -> str:
    """A table of contents in MyST."""
    options = [f":caption: {caption}"] if caption else []
    options += [":hidden:"] if hidden else []
    return "\n".join(["", "```{toctree}", *options, "", *pages, "```", ""])


def _add(app: Any, name: str, source: list[str]) -> None:
    found = set(app.env.found_docs)
    if name == "index":
        source[0] += "".join(toctree(p, caption) for caption, p in listed(found).items())
    elif name in ("lab/index", "results/index", "interfaces/index"):
        folder = name.removesuffix("index")
        pages = sorted(p.removeprefix(folder) for p in found if p.startswith(folder) and p != name)
        source[0] += toctree(pages)
    elif name.startswith("interfaces/") and (kind := name.partition("/")[2]) in _catalogued(found):
        source[0] += f"\n[All components of this kind](../{CATALOGUE}{kind}.md), with options.\n"


def _catalogued(found: set[str]) -> set[str]:
    """Interfaces that have a page in the catalogue."""
    return {page.removeprefix(CATALOGUE) for page in found if page.startswith(CATALOGUE)}


def setup(app: Any) -> dict[str, bool]:
    app.connect("source-read", _add)
    return {"parallel_read_safe": True}
