"""The table of a comparison: for the terminal, and in Markdown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from objcentric.comparison.arm_figures import ArmFigures
from objcentric.comparison.comparison import Comparison
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.plan import Plan
from objcentric.runs.summary import duration

if TYPE_CHECKING:
    from rich.table import Table


def headers(judgement: Judgement) -> tuple[str, ...]:
    """The headers of the table's columns."""
    mark = judgement.target.mark if judgement.target else "goal"
    return (
        *("arm", "runs", "median", "worst", "best"),
        *(mark, f"time to {mark}", f"images to {mark}", "each seed"),
    )


def legend(judgement: Judgement) -> str:
    """What the columns mean."""
    headline = judgement.headline
    if headline is None:
        return "The reference recipe has no figure that could rank the arms."
    parts = [f"Median, worst and best: {headline.title} on test scenes, over finished runs."]
    if judgement.target:
        parts.append(
            f"{judgement.target.mark}: share of runs that reached this on test scenes, among those "
            "that finished or failed. Time and images: median over the runs that reached it on "
            "validation scenes (and how many did)."
        )
    return " ".join([*parts, "Each seed: its figure, starting with seed 0."])


def to_table(comparison: Comparison) -> "Table":
    """The table for a terminal."""
    from rich.table import Table
    from rich.text import Text

    judgement = comparison.plan.judgement
    table = Table(title=comparison.plan.reference.name, title_justify="left")
    first, *others = headers(judgement)
    table.add_column(first, overflow="fold")
    for header in others:
        table.add_column(header, justify="right", overflow="fold")
    for row in comparison.rows:
        table.add_row(*(Text(cell) for cell in _cells(row, judgement)))
    return table


def to_markdown(comparison: Comparison) -> str:
    """A Markdown page: the command, the tables and the notes."""
    judgement = comparison.plan.judgement
    rows = [_cells(row, judgement) for row in comparison.rows]
    remarks = "\n".join(f"- {_escaped(note)}" for note in notes(comparison))
    parts = [
        f"```console\n{comparison.plan.command}\n```",
        _markdown(headers(judgement), rows),
        legend(judgement),
        *_other_figures(comparison),
        remarks,
    ]
    return "\n\n".join(parts) + "\n"


def _other_figures(comparison: Comparison) -> list[str]:
    """A second table with the medians of all other figures; empty if there are none."""
    judgement = comparison.plan.judgement
    metrics = [
        metric
        for metric in judgement.ranked
        if metric is not judgement.headline
        and any(row.medians[metric.key] is not None for row in comparison.rows)
    ]
    if not metrics:
        return []
    rows = [
        (row.arm, *(judgement.shown(m, row.medians[m.key]) for m in metrics))
        for row in comparison.rows
        if not row.refusal
    ]
    table = _markdown(("arm", *(metric.title for metric in metrics)), rows)
    return ["Other figures on test scenes, medians:", table]


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [
        f"| {' | '.join(header)} |",
        f"|---|{'---:|' * (len(header) - 1)}",
        *(f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows),
    ]
    return "\n".join(lines)


def notes(comparison: Comparison) -> list[str]:
    """Notes below the table: refused arms, failed runs, conditions of the training."""
    plan, machine = comparison.plan, comparison.machine
    found = [
        *_reference_note(plan),
        *(f"{arm.name} is refused: {_one_line(arm.refusal)}" for arm in plan.arms if arm.refusal),
        *(
            f"{outcome.arm}, seed {outcome.seed} failed: {_one_line(outcome.error)}"
            for outcome in comparison.outcomes
            if outcome.status == "failed"
        ),
    ]
    going = sum(outcome.status == "running" for outcome in comparison.outcomes)
    if going:
        found.append(
            f"{going} runs are still trained by processes of an earlier command; the same command "
            "waits for them"
        )
    unfinished = [o for o in comparison.outcomes if o.status in ("waiting", "interrupted")]
    if unfinished:
        found.append(f"{len(unfinished)} runs have not ended; the same command continues them")
    if not comparison.same_scenes:
        found.append("the arms did not see the same scenes (scenes_sha256 differ)")
    share = f"{machine.jobs} at a time, threads of each: {machine.threads}"
    return [*found, f"trained {share}; times depend on that, images do not"]


def _reference_note(plan: Plan) -> list[str]:
    """The reference's values in all places that some arm swaps."""
    places = {
        path: key
        for arm in plan.arms
        for change in arm.changes
        for path, key in change.places().items()
    }
    if plan.combine or not places:
        return []
    settings = plan.reference.plain()
    own = ", ".join(f"{key}={_value_at(settings, path)}" for path, key in places.items())
    return [f"reference: {own}"]


def _value_at(settings: Any, path: str) -> Any:
    """A setting, or a component's name; `unset` if the reference has no such place."""
    for key in path.split("."):
        if not isinstance(settings, dict) or key not in settings:
            return "unset"
        settings = settings[key]
    return settings.get("use", settings) if isinstance(settings, dict) else settings


def _cells(row: ArmFigures, judgement: Judgement) -> tuple[str, ...]:
    columns = len(headers(judgement))
    if row.refusal:
        return (row.arm, "refused", *["–"] * (columns - 2))
    headline = judgement.headline
    seconds, images = row.median_seconds_to_goal, row.median_images_to_goal
    return (
        row.arm,
        f"{row.finished}/{row.seeds}" + (f", {row.failed} failed" if row.failed else ""),
        *(judgement.shown(headline, figure) for figure in (row.median, row.worst, row.best)),
        "–" if row.success_rate is None else f"{row.success_rate:.0%}",
        "–" if seconds is None else duration(seconds),
        f"{'–' if images is None else f'{images:,.0f}'} ({row.reached}/{row.seeds})",
        " ".join(judgement.shown(headline, each) for each in row.each),
    )


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


def _one_line(text: str) -> str:
    return "; ".join(text.splitlines())
