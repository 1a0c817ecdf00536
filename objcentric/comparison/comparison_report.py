"""The report of a comparison's folder (`report_comparison`)."""

import os
from pathlib import Path
from typing import Any

from objcentric.comparison.comparison_folder import ComparisonFolder
from objcentric.comparison.stored_comparison import stored_results
from objcentric.errors import DamagedFile
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.report.groups import Group, Member
from objcentric.report.run_report import FILE
from objcentric.report.runs_report import report_runs
from objcentric.runs.run import Run


def report_comparison(folder: Path, registry: Registry) -> Path:
    """Writes `report.html` into the folder of a comparison.

    Args:
        folder: the folder, with the results that it has so far.
        registry: where the names in its recipes are looked up.

    Returns:
        The file.

    Raises:
        RunFolderError: the folder has no results yet.
        DamagedFile: a file is damaged, or objcentric did not write it.
    """
    file = ComparisonFolder(folder).json_file
    content = stored_results(file)
    rows, runs = content["rows"], content["runs"]
    members = [(run["arm"], _member(folder, run, registry)) for run in runs]
    groups = [
        Group(row["arm"], found)
        for row in rows
        if not row["refusal"]
        if (found := tuple(member for arm, member in members if arm == row["arm"]))
    ]
    if not groups:
        raise DamagedFile(f"{file} is damaged: its rows name none of its runs")
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
    if os.path.lexists(own):
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
