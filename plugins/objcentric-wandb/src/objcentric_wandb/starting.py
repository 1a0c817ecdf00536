"""Starting a run in wandb, or going on with it (`start`)."""

import os
import secrets
from typing import TYPE_CHECKING, Any

from objcentric_wandb.reach import UNREACHABLE, answers, chosen_mode, quieted, say

if TYPE_CHECKING:
    from objcentric.runs.run import Run
    from objcentric_wandb.tracking import TrackingOptions

LIMITS = {"init_timeout": 6.0, "finish_timeout": 5.0}
"""Seconds that a server may take in the foreground, at the start of a run and at its end."""


def start(run: "Run", tracking: "TrackingOptions") -> Any:
    """Starts a run in wandb or goes on with it; offline where the server cannot be reached.

    Returns:
        wandb's run; None if `WANDB_MODE` disables it.

    Raises:
        ObjcentricError: online was asked for without credentials.
    """
    wandb = quieted()
    settings = wandb.setup().settings
    mode = chosen_mode(tracking.wandb, settings)
    if mode == "disabled":
        return None
    if mode == "online":
        if os.environ.get(UNREACHABLE):  # the comparison has said so
            mode = "offline"
        elif not answers(settings.base_url):
            say(offline_line(settings.base_url, "does not answer", run))
            mode = "offline"
    if mode == "online":
        try:
            return _begun(wandb, run, tracking, mode)
        except (wandb.Error, TimeoutError) as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            say(offline_line(settings.base_url, f"did not take the run ({reason})", run))
            mode = "offline"
    return _begun(wandb, run, tracking, mode)


def offline_line(server: str, why: str, run: "Run") -> str:
    """What a user is told whose run is recorded in its folder instead."""
    return (
        f"wandb: {server} {why}, so this run is recorded in its folder; "
        f"later: wandb sync {run.path}/wandb/offline-run-*"
    )


def _begun(wandb: Any, run: "Run", tracking: "TrackingOptions", mode: str) -> Any:
    group = os.environ.get("OBJCENTRIC_GROUP")
    in_sweep = bool(os.environ.get("WANDB_SWEEP_ID"))
    wanted = {
        **LIMITS,
        "finish_timeout_raises": True,
        "reinit": "create_new",  # leaves alone a wandb run that a notebook has open
        # Offline, wandb's messages are of no use. Capturing the console would break the bar.
        "silent": mode != "online",
        "console": "off",
    }
    known = wandb.Settings.model_fields
    begun = wandb.init(
        # wandb's agent decides these two.
        project=None if in_sweep else tracking.project,
        id=None if in_sweep and not _id_file(run).exists() else _report_id(run),
        group=group,
        # The folder seed-0 of every arm has the same name.
        name=f"{group.split('/')[-1]}/{run.path.name}" if group else run.path.name,
        dir=run.path,
        config=run.settings(),
        tags=tracking.tags,
        mode=mode,
        # Offline, too: `wandb sync` would otherwise write a resumed part over the first one.
        resume="allow",
        settings=wandb.Settings(**{k: v for k, v in wanted.items() if k in known}),
    )
    _id_file(run).parent.mkdir(exist_ok=True)
    _id_file(run).write_text(begun.id, encoding="utf-8")
    return begun


def _id_file(run: "Run") -> Any:
    """The file with wandb's id of the run, so that a resumed run goes on with it."""
    return run.path / "wandb" / "run-id"


def _report_id(run: "Run") -> str:
    file = _id_file(run)
    return file.read_text(encoding="utf-8") if file.exists() else secrets.token_hex(4)
