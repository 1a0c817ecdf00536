"""Whether a killed run is what it says it is (`untrue`), and what came of it (`difference`)."""

from pathlib import Path

import torch
from what_was_learned import what_was_learned

from objcentric.errors import ObjcentricError
from objcentric.files import read_json, read_json_lines, read_tensors
from objcentric.runs.checkpoint import Checkpoint, latest_checkpoint

TIMES = ("second", "versions", "verdict")
"""What tells of a summary's key that it is about how long a run took, or says so in words."""


def untrue(run: Path, epochs: int) -> list[str]:
    """What is wrong with the folder of a run that was killed a moment ago.

    Args:
        run: the folder, which need not exist.
        epochs: the epochs of its recipe.
    """
    wrong = []
    for path in run.glob("checkpoints/epoch-*"):
        try:
            Checkpoint.load(path)
        except ObjcentricError as error:
            wrong.append(f"a checkpoint cannot be read: {error}")
    latest = latest_checkpoint(run / "checkpoints")
    state = None if latest is None else Checkpoint.load(latest).state
    summary = read_json(run / "summary.json") if (run / "summary.json").exists() else {}
    status = summary.get("status")
    if status not in (None, "running", "interrupted", "finished"):
        wrong.append(f"its status is {status}: {summary.get('error')}")
    if status == "finished" and (state is None or state.epoch < epochs or not summary["test"]):
        wrong.append("it has not finished, and says that it has")
    if status == "interrupted" and (0 if state is None else state.steps) != summary["steps"]:
        wrong.append(f"it says {summary['steps']} steps, and its checkpoint has {state}")
    if (run / "metrics.jsonl").exists():
        read_json_lines(run / "metrics.jsonl")
    return wrong


def difference(run: Path, whole: Path) -> str:
    """How a finished run differs from one that was never killed: "", "rounding", or in words."""
    own, other = what_was_learned(run), what_was_learned(whole)
    summaries = [_untimed(read_json(path / "summary.json")) for path in (run, whole)]
    if summaries[0]["status"] != "finished":
        return f"its status is {summaries[0]['status']}"
    files = [_files(path) for path in (run, whole)]
    if files[0] != files[1]:
        less, more = sorted(files[1] - files[0]), sorted(files[0] - files[1])
        return f"files are missing: {less}; or left over: {more}"
    if own == other and summaries[0] == summaries[1] and _pictures(run) == _pictures(whole):
        return ""
    for name in ("model.safetensors",):
        at = [path / "checkpoints" / own["moment"] / name for path in (run, whole)]
        mine, theirs = (read_tensors(path) for path in at)
        for key, value in theirs.items():
            if not torch.allclose(mine[key], value, rtol=1e-3, atol=1e-4):
                return f"its weights {key} differ by up to {(mine[key] - value).abs().max():.1e}"
    return "rounding"


def _files(run: Path) -> set[str]:
    """Its files; of checkpoints, the last one's: the older one may be that of an interruption."""
    last = latest_checkpoint(run / "checkpoints")
    found = {path.relative_to(run).as_posix() for path in run.rglob("*")}
    return {
        each
        for each in found
        if not each.startswith("checkpoints/") or (last and last.name in each) or "tmp" in each
    }


def _pictures(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.glob("pictures/*")}


def _untimed(summary: dict[str, object]) -> dict[str, object]:
    return {k: v for k, v in summary.items() if not any(word in k for word in TIMES)}
