"""What our own JSON files hold, checked when they are read (`checked`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from objcentric.errors import DamagedFile
from objcentric.names import shortened

LARGEST_COUNT = 2**63
"""Counts of epochs, steps and images stay below this."""


@dataclass(frozen=True)
class Kind:
    """What a value should be.

    Attributes:
        name: for messages.
        fits: whether a value is of this kind.
    """

    name: str
    fits: Callable[[Any], bool]

    def or_null(self) -> "Kind":
        """This kind, or null."""
        return Kind(f"{self.name} or null", lambda value: value is None or self.fits(value))


def list_of(inner: Kind) -> Kind:
    """A list whose items are all of one kind."""
    return Kind(
        f"a list, each item {inner.name}",
        lambda value: isinstance(value, list) and all(map(inner.fits, value)),
    )


def mapping_of(inner: Kind) -> Kind:
    """A mapping whose values are all of one kind."""
    return Kind(
        f"a mapping, each value {inner.name}",
        lambda value: isinstance(value, dict) and all(map(inner.fits, value.values())),
    )


def fields(needed: Mapping[str, Kind], others: Mapping[str, Kind] | None = None) -> Kind:
    """A mapping with some keys of known kinds; it may have further keys of any kind.

    Args:
        needed: keys that must be there.
        others: keys that may be there.
    """
    known = {**needed, **(others or {})}
    return Kind(
        f"a mapping with {', '.join(needed) or 'known keys'}",
        lambda value: (
            isinstance(value, dict)
            and needed.keys() <= value.keys()
            and all(kind.fits(value[key]) for key, kind in known.items() if key in value)
        ),
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_figure(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_figure, value))
    if isinstance(value, dict):
        return all(map(_is_figure, value.values()))
    return value is None or _is_number(value)


def _is_inside(value: Any) -> bool:
    path = PurePosixPath(value) if isinstance(value, str) else PurePosixPath("/")
    return not path.is_absolute() and ".." not in path.parts and "\0" not in str(value)


TEXT = Kind("a text", lambda value: isinstance(value, str))
TRUTH = Kind("true or false", lambda value: isinstance(value, bool))
COUNT = Kind(
    "a whole number from 0", lambda value: type(value) is int and 0 <= value < LARGEST_COUNT
)
NUMBER = Kind("a number", _is_number)
FIGURES = Kind("figures by name", lambda value: isinstance(value, dict) and _is_figure(value))
INSIDE = Kind("a path below the folder", _is_inside)
ANYTHING = Kind("anything", lambda value: True)

SUMMARY_KEYS = {
    "status": TEXT,
    "recipe": TEXT,
    "seed": COUNT,
    "epochs": COUNT,
    "steps": COUNT,
    "images": COUNT,
    "train_seconds": NUMBER,
    "images_per_second": NUMBER.or_null(),
    "validation": FIGURES,
    "test": FIGURES,
    "stuck": list_of(fields({"sign": TEXT, "epoch": COUNT, "figure": NUMBER.or_null()})),
    "device": TEXT,
    "scenes_sha256": mapping_of(TEXT),
    "versions": fields({}, {"plugins": mapping_of(TEXT), "objcentric": TEXT}),
    "verdict": TEXT,
    "error": TEXT,
}
"""The keys of `summary.json`."""

LINE_KEYS = {
    "epoch": COUNT,
    "images": COUNT,
    "seconds": NUMBER,
    "images_per_second": NUMBER.or_null(),
    "train": FIGURES,
    "validation": FIGURES,
    "test": FIGURES,
    "signs": FIGURES,
}
"""The keys of a line of `metrics.jsonl`."""

LINE_NEEDS = ("epoch", "images", "seconds", "train")
"""Those that every line has."""


def checked(
    content: dict[str, Any],
    keys: Mapping[str, Kind],
    file: Path,
    *,
    needs: Sequence[str] = (),
    line: int | None = None,
) -> dict[str, Any]:
    """Returns a JSON object whose values are what they should be; other keys may hold anything.

    Args:
        content: the object.
        keys: the kind of each key.
        file: the file that holds it, for the message.
        needs: keys that must be there.
        line: its line in the file, from 1; None for the whole file.

    Raises:
        DamagedFile: a key is missing, or its value is of another kind.
    """
    place = f"{file} is damaged: " + ("" if line is None else f"line {line}: ")
    for key in needs:
        if key not in content:
            raise DamagedFile(
                f"{place}it has no {key!r}; or another version of objcentric wrote it"
            )
    for key, kind in keys.items():
        if key in content and not kind.fits(content[key]):
            raise DamagedFile(
                f"{place}{key} should be {kind.name}, got {shortened(repr(content[key]))}"
            )
    return content
