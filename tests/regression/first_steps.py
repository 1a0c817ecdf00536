"""Whether two checkouts train alike: figures of the first 64 steps of each recipe, side by side.

    python tests/regression/first_steps.py BEFORE AFTER

trains each shipped recipe in both checkouts for 64 epochs of one step, by the command line of each,
and fails where a training figure differs by more than 1e-4, relative. MNIST is used where
`OBJCENTRIC_DATA` names it, the bundled digits elsewhere.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

RECIPES = ("quickstart", "air-multi-mnist", "air-multi-mnist-enumerate", "grid-multi-mnist")
STEPS = 64
TOLERANCE = 1e-4
FIGURES = ("loss", "nll", "presence_kl", "where_kl", "what_kl", "count_accuracy")


def training_figures(checkout: Path, recipe: str, out: Path) -> list[dict[str, float]]:
    """The figures of each of the first steps, trained with the code of a checkout."""
    sources = [checkout, *sorted(checkout.glob("plugins/*/src"))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources))}
    digits = "mnist" if os.environ.get("OBJCENTRIC_DATA") else "bundled"
    options = [
        *(f"scenes.digits={digits}", "scenes.train=64", "scenes.test=8"),
        *(f"training.epochs={STEPS}", f"training.eval_every={STEPS}", "training.batch_size=64"),
        *("training.device=cpu", "tracking.wandb=off"),
    ]
    command = [sys.executable, "-P", "-m", "objcentric", "train", recipe, *options]
    ran = subprocess.run(
        [*command, "--out", str(out)], env=environment, capture_output=True, text=True
    )
    if ran.returncode:
        raise SystemExit(f"{checkout}: {' '.join(command[4:])} failed:\n{ran.stdout}{ran.stderr}")
    lines = (out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["train"] for line in lines]


def largest_difference(
    before: list[dict[str, float]], after: list[dict[str, float]]
) -> tuple[float, str]:
    """The largest relative difference of a figure, and where it is."""
    found = [(0.0, "nowhere")]
    for step, (one, two) in enumerate(zip(before, after, strict=True), start=1):
        for name in FIGURES:
            scale = max(abs(one[name]), abs(two[name]), 1e-3)
            found.append((abs(one[name] - two[name]) / scale, f"{name}, step {step}"))
    return max(found)


def main() -> None:
    """Compares the two checkouts that the command line names."""
    before, after = (Path(argument).resolve() for argument in sys.argv[1:3])
    differ = False
    for recipe in RECIPES:
        with tempfile.TemporaryDirectory() as folder:
            runs = [
                training_figures(checkout, recipe, Path(folder) / name)
                for name, checkout in (("before", before), ("after", after))
            ]
        off, place = largest_difference(*runs)
        loss = runs[0][-1]["loss"]
        assert math.isfinite(loss)
        print(f"{recipe}: largest relative difference {off:.1e} ({place}); last loss {loss:.3f}")
        differ |= off > TOLERANCE
    if differ:
        raise SystemExit(f"a figure differs by more than {TOLERANCE:g}")


if __name__ == "__main__":
    main()
