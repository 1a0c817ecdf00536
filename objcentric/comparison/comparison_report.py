"""The report of a comparison's folder (`report_comparison`)."""

import json
from pathlib import Path
from typing import Any

from objcentric.comparison.comparison_folder import ComparisonFolder
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.report.groups import Group, Member
from objcentric.report.run_report import FILE
from objcentric.report.runs_report import report_runs
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run import Run


def report_comparison(folder: Path, registry: Registry) -> Path:
    """Writes `report.html` into the folder of a comparison.

    Args:
        folder: the folder, with the results that it has so far.
        registry: where the names in its recipes are looked up.

    Returns:
        The file.

    Raises:
        RunFolderError: the folder has no results yet, or objcentric did not write them.
    """
    file = ComparisonFolder(folder).json_file
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        rows, runs = content["rows"], content["runs"]
        members = [(run["arm"], _member(folder, run, registry)) for run in runs]
    except (ValueError, KeyError, TypeError) as error:
        raise RunFolderError(f"{file} holds no results of a comparison yet") from error
    groups = [
        Group(row["arm"], tuple(member for arm, member in members if arm == row["arm"]))
        for row in rows
        if not row["refusal"]
    ]
    return report_runs(
        groups,
        folder / FILE,
        title=f"{content['plan']['recipe']}, compared",
        command=content["command"],
        notes=_notes(content),
    )


def _member(folder: Path, outcome: dict[str, Any], registry: Registry) -> Member:
    """A run of the comparison; its recipe is that of its arm if it has not begun."""
    path = folder / outcome["folder"]
    own = path / "recipe.yaml"
    if own.is_file():
        recipe = load(str(own), (), registry)
    else:
        recipe = load(str(path.parent / "arm.yaml"), [f"seed={outcome['seed']}"], registry)
    return Member(Run(path, recipe), outcome["error"])


def _notes(content: dict[str, Any]) -> list[str]:
    """Arms that were refused, runs that failed, and scenes that differ."""
    notes = [
        f"{row['arm']} is refused: {'; '.join(row['refusal'].splitlines())}"
        for row in content["rows"]
        if row["refusal"]
    ]
    notes += [
        f"{run['arm']}, seed {run['seed']} failed: {'; '.join(run['error'].splitlines())}"
        for run in content["runs"]
        if run["status"] == "failed"
    ]
    if not content["same_scenes"]:
        notes.append("The runs did not see the same scenes.")
    return notes
