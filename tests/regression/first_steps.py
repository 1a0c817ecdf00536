"""Whether two checkouts train alike: figures of the first 64 steps of each recipe, side by side.

    python tests/regression/first_steps.py BEFORE AFTER

trains each shipped recipe in both checkouts for 64 epochs of one step, by the command line of each,
and fails where a training figure differs by more than 1e-4, relative.
"""

import math
import sys
import tempfile
from pathlib import Path

from checkouts import RECIPES, train_with

STEPS = 64
TOLERANCE = 1e-4
FIGURES = ("loss", "nll", "presence_kl", "where_kl", "what_kl", "count_accuracy")
OPTIONS = [
    *("scenes.train=64", "scenes.test=8", "training.batch_size=64"),
    *(f"training.epochs={STEPS}", f"training.eval_every={STEPS}"),
]


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
            one, two = (
                [line["train"] for line in train_with(code, recipe, OPTIONS, Path(folder) / name)]
                for name, code in (("before", before), ("after", after))
            )
        off, place = largest_difference(one, two)
        assert math.isfinite(one[-1]["loss"])
        print(f"{recipe}: largest difference {off:.1e} ({place}); last loss {one[-1]['loss']:.3f}")
        differ |= off > TOLERANCE
    if differ:
        raise SystemExit(f"a figure differs by more than {TOLERANCE:g}")


if __name__ == "__main__":
    main()
