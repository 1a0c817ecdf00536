"""How long a user waits: `--help`, `ls`, and the first training step of a recipe.

    python tests/benchmarks/bench_start.py [RECIPE] [--rounds N]

Each round starts a process of each kind, by turns. Printed are medians and the fastest, in seconds
on the clock and in processor time, from the start of the process; and what of the first step's time
goes into imports of which package. Nothing is asserted: a time is a property of a machine.
"""

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST_STEP = """
import os
from objcentric.cli.main import main
from objcentric.training.engines.eager import EagerEngine

step = EagerEngine.step

def only_one(self, *arguments):
    step(self, *arguments)
    os._exit(0)  # nothing after the first step is waited for

EagerEngine.step = only_one
main()
"""
"""A command that ends with its first training step."""

PACKAGES = ("torch", "torch._dynamo", "lightning_fabric", "pydantic", "typer", "ruamel.yaml")


def seconds(command: list[str]) -> tuple[float, float]:
    """Seconds on the clock and of processor time (of the process and its children)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return clock, spent


def imports(command: list[str]) -> dict[str, float]:
    """Cumulative seconds of importing each of `PACKAGES`, those inside it included."""
    environment = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found = re.findall(r"import time:\s+\d+ \|\s+(\d+) \|\s+(\S+)", told.stderr)
    return {name: int(microseconds) / 1e6 for microseconds, name in found if name in PACKAGES}


def main() -> None:
    """Prints a row for each kind of start."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", nargs="?", default="quickstart")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    python = [sys.executable, "-P"]
    with tempfile.TemporaryDirectory() as folder:
        train = ["train", chosen.recipe, "tracking.wandb=off", "training.device=cpu"]
        first = [*python, "-c", FIRST_STEP, *train, "--out"]
        tries = (str(Path(folder) / str(number)) for number in range(chosen.rounds + 2))
        kinds = {
            "--help": lambda: [*python, "-m", "objcentric", "--help"],
            "ls": lambda: [*python, "-m", "objcentric", "ls"],
            f"first step of {chosen.recipe}": lambda: [*first, next(tries)],
        }
        rounds = [[seconds(kind()) for kind in kinds.values()] for _ in range(chosen.rounds + 1)]
        for name, times in zip(kinds, zip(*rounds[1:], strict=True), strict=True):
            clock, spent = zip(*times, strict=True)
            print(
                f"{name}: {statistics.median(clock):.2f} s on the clock (fastest {min(clock):.2f}),"
                f" {statistics.median(spent):.2f} of processor time (least {min(spent):.2f})"
            )
        for package, took in imports([*first, next(tries)]).items():
            print(f"    importing {package}: {took:.2f} s")


if __name__ == "__main__":
    main()
