"""The tools of development: one list of them, bounded above, run in one way."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]


def dev_tools() -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        groups: dict[str, list[str]] = tomllib.load(file)["dependency-groups"]
    lines = [line for group in groups.values() for line in group]
    return {canonicalize_name(Requirement(line).name) for line in lines}


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


def test_a_commit_is_checked_by_the_tools_of_make_lint():
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    linted = re.findall(r"\$\(BIN\)/(ruff \w+|\S+)", recipe[1])
    with (ROOT / ".pre-commit-config.yaml").open(encoding="utf-8") as file:
        hooks = [hook for repo in YAML(typ="safe").load(file)["repos"] for hook in repo["hooks"]]
    assert [hook["name"] for hook in hooks] == linted
    for hook in hooks:
        assert hook["entry"].startswith(f".venv/bin/{hook['name']}"), "versions of its own"
