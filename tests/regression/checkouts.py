"""Training with the code of a checkout, whichever one is installed (`train_with`)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

RECIPES = ("quickstart", "air-multi-mnist", "air-multi-mnist-enumerate", "grid-multi-mnist")


def train_with(checkout: Path, recipe: str, options: list[str], out: Path) -> list[dict[str, Any]]:
    """The lines of `metrics.jsonl` of a training on one CPU thread.

    MNIST is used where `OBJCENTRIC_DATA` names it, the bundled digits elsewhere.

    Args:
        checkout: whose code trains.
        recipe: a shipped one.
        options: `KEY=VALUE`.
        out: the run folder, not there yet.

    Raises:
        SystemExit: the training fails.
    """
    sources = [checkout, *sorted(checkout.glob("plugins/*/src"))]
    path = os.pathsep.join(map(str, sources))
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    digits = "mnist" if os.environ.get("OBJCENTRIC_DATA") else "bundled"
    fixed = [f"scenes.digits={digits}", "training.device=cpu", "tracking.wandb=off"]
    command = [sys.executable, "-P", "-m", "objcentric", "train", recipe, *fixed, *options]
    ran = subprocess.run(
        [*command, "--out", str(out)], env=environment, capture_output=True, text=True
    )
    if ran.returncode:
        raise SystemExit(f"{checkout}: {' '.join(command[4:])} failed:\n{ran.stdout}{ran.stderr}")
    lines = (out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
