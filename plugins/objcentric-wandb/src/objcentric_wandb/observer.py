"""The hooks that report runs to Weights & Biases.

wandb itself is imported only when a run asks for it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objcentric import hookimpl

if TYPE_CHECKING:
    from pydantic import BaseModel

    from objcentric.pictures.snapshot import Snapshot
    from objcentric.recipe.recipe import Recipe
    from objcentric.runs.run import Run

_reports: dict[Path, Any] = {}
"""The wandb run of each run folder that is being reported."""

_EXIT_CODES = {"finished": 0, "failed": 1, "interrupted": 130}


@hookimpl
def objcentric_recipe_sections() -> dict[str, "type[BaseModel]"]:
    """`tracking`: whether and how a run is reported."""
    from objcentric_wandb.tracking import TrackingOptions  # pydantic is slow to import

    return {"tracking": TrackingOptions}


@hookimpl
def objcentric_comparison_started(folder: Path, recipes: "list[Recipe]") -> dict[str, str]:
    """Asks once for all runs whether the server answers."""
    sections: list[Any] = [recipe.sections.get("tracking") for recipe in recipes]
    options = {tracking.wandb for tracking in sections if tracking is not None} - {"off", "offline"}
    if not options:
        return {}
    from objcentric_wandb.reach import UNREACHABLE, answers, chosen_mode, quieted, say

    settings = quieted().setup().settings
    modes = {chosen_mode(option, settings) for option in options}
    if "online" not in modes or answers(settings.base_url):
        return {}
    say(
        f"wandb: {settings.base_url} does not answer, so all runs are recorded in their folders; "
        f"later: wandb sync {folder}/*/*/wandb/offline-run-*"
    )
    return {UNREACHABLE: "1"}


@hookimpl
def objcentric_run_started(run: "Run") -> None:
    """Starts a report, or continues the one that the run had before."""
    tracking: Any = run.recipe.sections.get("tracking")
    if tracking is None or tracking.wandb == "off":
        return
    from objcentric_wandb.starting import start

    report = start(run, tracking)
    if report is not None:
        _reports[run.path] = report


@hookimpl
def objcentric_run_evaluated(
    run: "Run",
    epoch: int,
    metrics: dict[str, Any],
    pictures: dict[str, Path],
    snapshot: "Snapshot | None",
) -> None:
    """Reports an epoch's figures, pictures and objects, and keeps its checkpoint if it is the best.

    A report that fails is given up, so that it fails once.
    """
    report = _reports.get(run.path)
    if report is None:
        return
    import wandb

    from objcentric_wandb.checkpoints import keep_best
    from objcentric_wandb.media import figures, found

    try:
        logged = figures(wandb, metrics)
        logged |= {f"pictures/{name}": wandb.Image(str(path)) for name, path in pictures.items()}
        logged |= {} if snapshot is None else found(wandb, snapshot)
        report.log(logged, step=epoch)
        keep_best(run, epoch)
    except Exception:
        del _reports[run.path]
        raise


@hookimpl
def objcentric_run_finished(run: "Run", summary: dict[str, Any]) -> None:
    """Reports the summary and the checkpoints, and ends the report."""
    report = _reports.pop(run.path, None)
    if report is None:
        return
    import wandb

    from objcentric_wandb.checkpoints import log_checkpoints
    from objcentric_wandb.media import numbers
    from objcentric_wandb.reach import answers, say

    server = "" if report.offline else wandb.setup().settings.base_url
    report.summary.update(dict(numbers(summary)) | {"status": summary["status"]})
    whole = not server or answers(server)
    if whole:  # asking a server that does not answer for an artifact takes 20 s
        logged = log_checkpoints(wandb, report, run)
        whole = not server or _uploaded(logged, server)
    try:
        report.finish(exit_code=_EXIT_CODES[summary["status"]])
    except TimeoutError:
        whole = False
    if not whole:
        say(
            f"wandb: {server} does not answer any more; nothing is lost in {run.path}, and "
            f"`wandb sync {run.path}/wandb/run-*` sends what the server lacks"
        )


def _uploaded(artifacts: Sequence[Any], server: str) -> bool:
    """Waits for artifacts for as long as the server answers; returns whether it has them."""
    from wandb.sdk.artifacts.exceptions import WaitTimeoutError

    from objcentric_wandb.reach import answers

    for artifact in artifacts:
        while True:
            try:
                artifact.wait(timeout=2)
            except WaitTimeoutError:
                if not answers(server):
                    return False
            else:
                break
    return True
