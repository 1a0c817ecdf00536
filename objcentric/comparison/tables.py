"""A comparison in a table: for the terminal, and for a page."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from objcentric.comparison.arm_figures import ArmFigures
from objcentric.comparison.comparison import Comparison
from objcentric.comparison.plan import Plan
from objcentric.runs.run import Run
from objcentric.runs.summary import duration

if TYPE_CHECKING:
    from rich.table import Table

HEADERS = (
    "arm",
    "runs",
    "median",
    "worst",
    "best",
    "≥ 98%",
    "time to 98%",
    "images to 98%",
    "ELBO",
    "each seed",
)
LEGEND = (
    "median, worst and best: test count accuracy of finished runs; ≥ 98%: how many ended there, "
    "of those that finished or failed; time and images to 98%: median of the runs that got there "
    "(how many did); ELBO: median, nats an image; "
    "each seed: its test count accuracy in percent, from seed 0 on."
)


def to_table(comparison: Comparison) -> "Table":
    """For a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=comparison.plan.reference.name, title_justify="left")
    table.add_column(HEADERS[0], overflow="fold")
    for header in HEADERS[1:]:
        table.add_column(header, justify="right", overflow="fold")
    for row in comparison.rows:
        table.add_row(*(Text(cell) for cell in _cells(row)))
    return table


def to_markdown(comparison: Comparison) -> str:
    """For a page: the command, the table, and what there is to note."""
    lines = [
        f"| {' | '.join(HEADERS)} |",
        f"|---|{'---:|' * (len(HEADERS) - 1)}",
        *(f"| {' | '.join(_escaped(cell) for cell in _cells(row))} |" for row in comparison.rows),
    ]
    remarks = "\n".join(f"- {_escaped(note)}" for note in notes(comparison))
    table = "\n".join(lines)
    return f"```console\n{comparison.plan.command}\n```\n\n{table}\n\n{LEGEND}\n\n{remarks}\n"


def notes(comparison: Comparison) -> list[str]:
    """What a table has no room for, a line each."""
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
    unfinished = [o for o in comparison.outcomes if o.status in ("waiting", "interrupted")]
    if unfinished:
        found.append(f"{len(unfinished)} runs have not ended; the same command goes on with them")
    if not comparison.same_scenes:
        found.append("the arms did not see the same scenes (scenes_sha256 differ)")
    share = f"{machine.jobs} at a time, threads of each: {machine.threads}"
    return [*found, f"trained {share}; times depend on that, images do not"]


def _reference_note(plan: Plan) -> list[str]:
    """What the reference has where arms have something else."""
    places = {
        path: key
        for arm in plan.arms
        for change in arm.changes
        for path, key in change.places().items()
    }
    if plan.combine or not places:
        return []
    settings = Run(Path(), plan.reference).settings()
    own = ", ".join(f"{key}={_value_at(settings, path)}" for path, key in places.items())
    return [f"reference: {own}"]


def _value_at(settings: Any, path: str) -> Any:
    """A setting, of a component only its name; `unset` where the reference has no such place."""
    for key in path.split("."):
        if not isinstance(settings, dict) or key not in settings:
            return "unset"
        settings = settings[key]
    return settings.get("use", settings) if isinstance(settings, dict) else settings


def _cells(row: ArmFigures) -> tuple[str, ...]:
    if row.refusal:
        return (row.arm, "refused", *["–"] * (len(HEADERS) - 2))
    seconds, images = row.median_seconds_to_98_percent, row.median_images_to_98_percent
    return (
        row.arm,
        f"{row.finished}/{row.seeds}" + (f", {row.failed} failed" if row.failed else ""),
        _percent(row.median_count_accuracy),
        _percent(row.worst_count_accuracy),
        _percent(row.best_count_accuracy),
        "–" if row.success_rate is None else f"{row.success_rate:.0%}",
        "–" if seconds is None else duration(seconds),
        f"{'–' if images is None else f'{images:,.0f}'} ({row.reached}/{row.seeds})",
        "–" if row.median_elbo is None else f"{row.median_elbo:.1f}",
        " ".join("–" if each is None else f"{100 * each:.2f}" for each in row.count_accuracies),
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


def _one_line(text: str) -> str:
    return "; ".join(text.splitlines())
