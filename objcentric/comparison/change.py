"""One swapped part of a recipe (`Change`), and how `--swap` is read (`parse_swaps`)."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from objcentric.errors import ObjcentricError
from objcentric.recipe.problem import COMMAND_LINE, Mark, Problem, RecipeError
from objcentric.recipe.reading import read_text
from objcentric.registry.recipe_sections import OWN_SECTIONS

_QUOTED_WORD = re.compile(r'"([A-Za-z_][\w.:/-]*)"')


@dataclass(frozen=True)
class Change:
    """A new value for one key of a recipe.

    Attributes:
        key: the key as the user writes it: `estimator`, `training.lr`.
        written: the value, as JSON.
        sections: names of all recipe sections, plugins' sections included.
    """

    key: str
    written: str
    sections: tuple[str, ...] = field(default=OWN_SECTIONS, compare=False, repr=False)

    @property
    def path(self) -> str:
        """The full path; a key that names no section of a recipe is a part of its model."""
        section = self.key.partition(".")[0]
        return self.key if section in self.sections else f"model.{self.key}"

    @property
    def override(self) -> str:
        """The change as an override on the command line."""
        return f"{self.path}={self.written}"

    def places(self) -> dict[str, str]:
        """The swapped places: full path → key as the user would write it.

        If the value is not a component but several parts of the model at once, these are its parts.
        """
        value = json.loads(self.written)
        if not isinstance(value, dict) or "use" in value:
            return {self.path: self.key}
        prefix = "" if self.path == "model" else f"{self.key}."
        return {f"{self.path}.{name}": f"{prefix}{name}" for name in value}

    @property
    def label(self) -> str:
        """The change for display: `estimator=nvil`."""
        return f"{self.key}=" + _QUOTED_WORD.sub(r"\1", self.written)


def parse_swaps(texts: Sequence[str], sections: Iterable[str] = ()) -> list[list[Change]]:
    """The alternatives for each key, from `KEY=VALUE,VALUE`; commas in brackets do not separate.

    Raises:
        ObjcentricError: a text has no key or no value, is not YAML, or swaps the seed.
    """
    swaps: dict[str, list[Change]] = {}
    for text in texts:
        key, _, values = text.partition("=")
        changes = [Change(key, value, (*OWN_SECTIONS, *sections)) for value in _values(values, key)]
        if not key or not changes:
            raise ObjcentricError(
                f"--swap {text}: expected KEY=VALUE,VALUE, for example estimator=nvil,rloo"
            )
        if key == "seed":
            raise ObjcentricError(f"--swap {text}: --seeds N says which seeds every arm gets")
        swaps.setdefault(changes[0].path, []).extend(changes)
    return list(swaps.values())


def _values(text: str, key: str) -> list[str]:
    problems: list[Problem] = []
    node = read_text(f"[{text}]", Mark(COMMAND_LINE), problems, f"--swap {key}")
    if problems:
        raise RecipeError(problems)
    plain = node.plain()
    values = plain if isinstance(plain, list) else []
    return [json.dumps(value, ensure_ascii=False) for value in values]
