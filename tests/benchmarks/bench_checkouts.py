"""Whether training got slower between two checkouts.

    python tests/benchmarks/bench_checkouts.py BEFORE AFTER [RECIPE …]

trains in both checkouts by turns, on one thread, and prints the median over the rounds of
after / before in images per second. Nothing is asserted: a time is a property of a machine.
"""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "regression"))

from checkouts import RECIPES, train_with

ROUNDS = 5
OPTIONS = ["scenes.train=6400", "scenes.test=8", "training.epochs=1"]


def main() -> None:
    """Times the two checkouts that the command line names."""
    before, after = (Path(argument).resolve() for argument in sys.argv[1:3])
    for recipe in sys.argv[3:] or RECIPES:
        ratios = []
        for number in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                order = [("before", before), ("after", after)]
                rates = {
                    name: train_with(code, recipe, OPTIONS, Path(folder) / name)[-1][
                        "images_per_second"
                    ]
                    for name, code in (order if number % 2 else reversed(order))
                }
            ratios.append(rates["after"] / rates["before"])
        listed = ", ".join(f"{ratio:.3f}" for ratio in sorted(ratios))
        print(f"{recipe}: after / before {statistics.median(ratios):.3f} ({listed})", flush=True)


if __name__ == "__main__":
    main()
