"""Makes reStructuredText of docstrings, which are written to be read as they are.

Indented blocks become code, and signs that reStructuredText gives a meaning are protected outside
of code.
"""

import re
from typing import Any

_PROTECTED = re.compile(r"(`[^`]*`)(\w?)|([|*_])(?=\W|$)|(?<!\w)([|*])")


def as_rst(lines: list[str]) -> list[str]:
    """The lines of a docstring in Google's form, as reStructuredText in the same form."""
    out: list[str] = []
    code_indent = 0
    section = 0
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if code_indent and (indent >= code_indent or not line.strip()):
            out.append(line)
            continue
        code_indent = 0
        if re.match(r"(Args|Attributes|Raises|Returns):$", line):
            section = 8
        elif _starts_code(line, indent, section, out):
            code_indent = indent
            out += [" " * (indent - 4) + "::", "", line]
            continue
        out.append(_PROTECTED.sub(_protected, line))
    return out


def _starts_code(line: str, indent: int, section: int, before: list[str]) -> bool:
    """Whether a line is the first of an indented block; in a section, items are indented, too."""
    deep = indent >= 4 + section
    return deep and bool(line.strip()) and bool(before) and not before[-1].strip()


def _protected(found: re.Match[str]) -> str:
    if found[1]:
        return found[1] + (f"\\ {found[2]}" if found[2] else "")
    return f"\\{found[3] or found[4]}"


def _process(app: Any, what: str, name: str, obj: object, options: Any, lines: list[str]) -> None:
    lines[:] = as_rst(lines)


def setup(app: Any) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _process, priority=100)  # before napoleon
    return {"parallel_read_safe": True}
