"""The hooks that report runs to Weights & Biases.

wandb itself is imported only when a run asks for it.
"""

import netrc
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from objcentric import hookimpl
from objcentric.errors import ObjcentricError
from objcentric.extras import needing

if TYPE_CHECKING:
    from pydantic import BaseModel

    from objcentric.runs.run import Run

_reports: dict[Path, Any] = {}
"""The wandb run of each run folder that is being reported."""

_EXIT_CODES = {"finished": 0, "failed": 1, "interrupted": 130}

PUBLIC_HOST = "api.wandb.ai"
"""Credentials for wandb's default server may be stored under this name, whatever it is now."""


@hookimpl
def objcentric_recipe_sections() -> dict[str, "type[BaseModel]"]:
    """`tracking`: whether and how a run is reported."""
    from objcentric_wandb.tracking import TrackingOptions  # pydantic is slow to import

    return {"tracking": TrackingOptions}


@hookimpl
def objcentric_run_started(run: "Run") -> None:
    """Starts a report, or continues the one that the run had before."""
    tracking: Any = run.recipe.sections.get("tracking")
    if tracking is None or tracking.wandb == "off":
        return
    with needing("wandb", "wandb", "reports to Weights & Biases (tracking.wandb)"):
        import wandb

    mode = chosen_mode(tracking.wandb, wandb.setup().settings)
    _reports[run.path] = wandb.init(
        project=tracking.project,
        name=run.path.name,
        id=_report_id(run),
        dir=run.path,
        config=run.settings(),
        tags=tracking.tags,
        mode=mode,
        resume="allow" if mode == "online" else None,
        # Offline, wandb's messages are of no use. Capturing the console would break the bar.
        settings=wandb.Settings(silent=mode != "online", console="off"),
    )


@hookimpl
def objcentric_run_evaluated(
    run: "Run", epoch: int, metrics: dict[str, Any], pictures: dict[str, Path]
) -> None:
    """Reports an epoch's figures and pictures."""
    report = _reports.get(run.path)
    if report is not None:
        import wandb

        drawn = {f"pictures/{name}": wandb.Image(str(path)) for name, path in pictures.items()}
        report.log({**dict(_numbers(metrics)), **drawn}, step=epoch)


@hookimpl
def objcentric_run_finished(run: "Run", summary: dict[str, Any]) -> None:
    """Reports the summary and the latest checkpoint, and ends the report."""
    report = _reports.pop(run.path, None)
    if report is not None:
        import wandb

        report.summary.update(dict(_numbers(summary)) | {"status": summary["status"]})
        checkpoint = run.latest_checkpoint()
        if checkpoint is not None:
            artifact = wandb.Artifact(f"{run.path.name}-checkpoint", type="model")
            artifact.add_dir(str(checkpoint))
            report.log_artifact(artifact)
        report.finish(exit_code=_EXIT_CODES[summary["status"]])


def chosen_mode(option: str, settings: Any) -> Any:
    """wandb's mode for `tracking.wandb`.

    `auto` follows `WANDB_MODE`. If that is not set, it is online if there are credentials.

    Args:
        option: `auto`, `online` or `offline`.
        settings: wandb's, from its environment variables and its files.

    Raises:
        ObjcentricError: online was asked for without credentials, and wandb would prompt for them.
    """
    if option == "auto":
        return os.environ.get("WANDB_MODE") or (
            "online" if has_credentials(settings) else "offline"
        )
    if option == "online" and not has_credentials(settings):
        raise ObjcentricError(
            "tracking.wandb is online, but there are no credentials: run `wandb login`, set "
            "WANDB_API_KEY, or use tracking.wandb=auto"
        )
    return option


def has_credentials(settings: Any) -> bool:
    """Whether wandb would find credentials without a prompt."""
    if settings.api_key or settings.identity_token_file:
        return True
    hosts = [urlsplit(settings.base_url).netloc]
    if settings.base_url == type(settings).model_fields["base_url"].default:
        hosts.append(PUBLIC_HOST)
    try:
        known = netrc.netrc(Path(os.environ.get("NETRC", "~/.netrc")).expanduser())
    except (OSError, netrc.NetrcParseError):
        return False
    return any(known.authenticators(host) for host in hosts)


def _report_id(run: "Run") -> str:
    """wandb's id of the run, kept in the run's folder so that a resumed run continues it."""
    file = run.path / "wandb" / "run-id"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text(secrets.token_hex(4), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def _numbers(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, float]]:
    """The numbers in nested figures, by path: `test/elbo`, `test/slot_usage/1`."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{path}{name}/")
        elif isinstance(value, list):
            places = {str(index): item for index, item in enumerate(value, start=1)}
            yield from _numbers(places, f"{path}{name}/")
        elif isinstance(value, (int, float)):
            yield f"{path}{name}", value
