"""The tools of development: one list of them, bounded above."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def dev_tools() -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        group: list[str] = tomllib.load(file)["dependency-groups"]["dev"]
    return {canonicalize_name(Requirement(line).name) for line in group}


def constraints() -> list[Requirement]:
    lines = (ROOT / "constraints-dev.txt").read_text(encoding="utf-8").splitlines()
    stated = (line.partition("#")[0].strip() for line in lines)
    return [Requirement(line) for line in stated if line]


def test_every_development_tool_has_an_upper_bound_and_nothing_else_has():
    bounded = {
        canonicalize_name(constraint.name)
        for constraint in constraints()
        if any(part.operator in ("<", "<=", "==", "~=") for part in constraint.specifier)
    }
    assert bounded == dev_tools()
    assert len(constraints()) == len(bounded)
