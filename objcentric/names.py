"""Names in messages: the nearest valid one (`did_you_mean`), and short ones (`shortened`)."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 100
"""Characters of a name that may be a misspelt one; comparing longer ones takes long."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`"; did you mean 'size'?"`, or an empty text if no known name is similar."""
    found = get_close_matches(name, list(known), n=1) if len(name) <= LONGEST else []
    return f"; did you mean {found[0]!r}?" if found else ""


def shortened(text: str, most: int = 60) -> str:
    """A text on one line, with at most `most` characters, all of which can be printed."""
    printable = text.encode("utf-8", "backslashreplace").decode("utf-8")
    line = " ".join(printable[: 4 * most].split())
    line = "".join(each if each.isprintable() else repr(each)[1:-1] for each in line)
    return line if len(line) <= most else f"{line[: most - 1]}…"
