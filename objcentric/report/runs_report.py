"""The report of several runs, in groups (`report_runs`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path

from objcentric.evaluation.target import Target
from objcentric.interfaces import Metric
from objcentric.pictures.snapshot import Snapshot
from objcentric.report.figures import definitions
from objcentric.report.found import Found
from objcentric.report.groups import Group, Member
from objcentric.report.groups_charts import group_charts, strips
from objcentric.report.page import write_page
from objcentric.report.run_report import FILE, versions
from objcentric.report.scene_view import SceneView, views
from objcentric.report.stages import snapshots
from objcentric.report.trained import headline
from objcentric.runs.settings import changed_settings
from objcentric.runs.summary import duration

SCENES = 5
"""Scenes that are shown of each group."""


@dataclass(frozen=True)
class Column:
    """A column of the table of runs."""

    title: str
    better: str


@dataclass(frozen=True)
class Row:
    """A run in the table.

    Attributes:
        group: its group.
        seed: its seed.
        status: what has become of it.
        cells: what the other columns say and by what they are sorted, None where there is nothing.
        report: its own report, relative to this one; empty if there is none.
    """

    group: str
    seed: int
    status: str
    cells: tuple[tuple[str, float | None], ...]
    report: str


def report_runs(
    groups: Sequence[Group],
    path: Path,
    *,
    title: str,
    command: str = "",
    notes: Sequence[str] = (),
) -> Path:
    """Writes a page that compares runs.

    Args:
        groups: the runs; those of one group differ by their seeds alone. The first group is the one
            that the others are compared with.
        path: the file to write.
        title: the name of the comparison.
        command: what made the runs; empty if they were not made together.
        notes: what a reader has to know beside the figures.

    Returns:
        `path`.
    """
    metrics = _common_metrics(groups)
    target = _target(groups, metrics)
    chief = headline(metrics, target)
    ranked = [metric for metric in metrics if metric.style != "table"]
    ranked.sort(key=lambda metric: metric is not chief)
    return write_page(
        "runs.html.j2",
        path,
        title=title,
        command=command,
        notes=notes,
        sentence=_sentence(groups, chief),
        groups=groups,
        runs=sum(len(group.members) for group in groups),
        headline=chief,
        strips=strips(groups, chief) if chief else None,
        charts=group_charts(groups, chief, target),
        columns=[Column(m.title, m.better or "") for m in ranked],
        rows=[_row(g, m, ranked, path.parent) for g in groups for m in g.members],
        settings=_settings(groups),
        found=_found(groups),
        definitions=definitions(ranked),
        versions=_versions(groups),
    )


def _common_metrics(groups: Sequence[Group]) -> list[Metric]:
    """All metrics of which a run has figures, each once."""
    found: dict[str, Metric] = {}
    for group in groups:
        for member in group.members:
            found |= {m.key: m for m in member.metrics if m.key not in found}
    return list(found.values())


def _target(groups: Sequence[Group], metrics: Sequence[Metric]) -> Target | None:
    goals = (member.run.recipe.evaluation.goal for group in groups for member in group.members)
    return Target.of(next(goals, None), metrics)


def _sentence(groups: Sequence[Group], metric: Metric | None) -> str:
    """The groups' medians in a sentence, the best first if one is better."""
    if metric is None:
        return "The runs have no figure in common by which they could be compared."
    judged = [(group, value) for group in groups if (value := group.median(metric.key)) is not None]
    if not judged:
        return "No run has finished yet."
    if metric.better is not None:
        judged.sort(key=lambda each: each[1], reverse=metric.better == "higher")
    first, *others = (f"{group.name} {metric.show(value)}" for group, value in judged)
    rest = f"; then {', '.join(others)}" if others else ""
    return f"Median {metric.title} on test scenes: {first}{rest}."


def _row(group: Group, member: Member, ranked: Sequence[Metric], folder: Path) -> Row:
    summary, run = member.summary, member.run
    figures = [member.test.get(metric.key) for metric in ranked]
    seconds, images = summary.get("train_seconds"), summary.get("images")
    cells = [(metric.show(f), f) for metric, f in zip(ranked, figures, strict=True)]
    cells.append(("–" if images is None else f"{images:,}", images))
    cells.append(("–" if seconds is None else duration(seconds), seconds))
    report = run.path / FILE
    link = Path(relpath(report, folder)).as_posix() if report.is_file() else ""
    return Row(group.name, run.recipe.seed, member.status, tuple(cells), link)


def _settings(groups: Sequence[Group]) -> list[tuple[str, list[str]]]:
    """The settings in which groups differ, with the value in each group."""
    first, *others = ({**group.settings, "seed": 0, "name": ""} for group in groups)
    changed = [changed_settings(first, other) for other in others]
    before = {key: old for each in changed for key, (old, _) in each.items()}
    return [
        (key, [str(old), *(str(each[key][1] if key in each else old) for each in changed)])
        for key, old in sorted(before.items())
    ]


def _found(groups: Sequence[Group]) -> list[tuple[Group, tuple[SceneView, ...]]]:
    """What the first run of each group that has pictures found at its end."""
    rows = []
    for place, group in enumerate(groups):
        for member in group.members:
            files = snapshots(member.run)
            if files:
                found = Found.stored(Snapshot.load(files[max(files)]))
                key = f"group-{place + 1}"
                rows.append((group, views(found, key, objects=False)[:SCENES]))
                break
    return rows


def _versions(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """The versions that made the runs; several where runs differ."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for member in group.members:
            for what, version in versions(member.summary):
                known = found.setdefault(what, [])
                known += [version] if version not in known else []
    return [(what, ", ".join(known)) for what, known in found.items()]
