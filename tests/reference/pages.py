"""Pages of documentation, their code and their sections."""

import re
from pathlib import Path

from source_tree import ROOT

# Without what `make docs` leaves behind.
DOCS = [
    page
    for page in sorted((ROOT / "docs").rglob("*.md"))
    if page.relative_to(ROOT / "docs").parts[0] not in ("_build", "generated")
]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    """A page as messages call it."""
    return page.relative_to(ROOT).as_posix()


def code(text: str, language: str) -> list[str]:
    """The blocks of code in a language."""
    return [block for kind, block in _FENCE.findall(text) if kind == language]


def sections(text: str) -> dict[str, str]:
    """The sections of the second level by heading."""
    return dict(_SECTION.findall(text))
