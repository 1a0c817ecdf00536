"""Docstrings in Google's form, as Markdown (`Docstring`)."""

import inspect
import re
from dataclasses import dataclass, field

_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns):$")
_ITEM = re.compile(r"^    (\w+): (.*)$")


@dataclass(frozen=True)
class Docstring:
    """What a docstring says.

    Attributes:
        body: everything before the first section, as Markdown.
        items: by section and name, such as `items["Args"]["hidden"]`.
    """

    body: str
    items: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, documented: object) -> "Docstring":
        """The docstring of a class, function or module."""
        body: list[str] = []
        items: dict[str, dict[str, str]] = {}
        section = name = ""
        for line in (inspect.getdoc(documented) or "").splitlines():
            if found := _SECTION.match(line):
                section = found[1]
                items[section] = {}
            elif not section:
                body.append(line)
            elif found := _ITEM.match(line):
                name = found[1]
                items[section][name] = found[2]
            elif name in items[section] and line.strip():
                items[section][name] += " " + line.strip()
        return cls(as_markdown(body), items)

    def meaning(self, name: str) -> str:
        """What the argument or attribute of a name is."""
        return self.items.get("Args", {}).get(name, "")


def as_markdown(lines: list[str]) -> str:
    """Text whose indented blocks are code, as Markdown with fences."""
    out: list[str] = []
    code: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("    ") or (code and not line.strip()):
            code.append(line[4:])
            continue
        out += _fenced(code)
        code = []
        out.append(line)
    return "\n".join([*out, *_fenced(code)]).strip()


def _fenced(code: list[str]) -> list[str]:
    text = "\n".join(code).strip("\n")
    if not text:
        return []
    python = re.search(r"^(from|import|def|class|@|\w+ = |return |assert )", text, re.MULTILINE)
    formula = re.search(r"[Σ∇Πβ·]", text)
    return ["```python" if python and not formula else "```text", text, "```", ""]


def cell(text: str) -> str:
    """Text that fits into a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")
