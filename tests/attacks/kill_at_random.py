"""Commands of objcentric are killed at random moments, and go on: is anything lost?

    python tests/attacks/kill_at_random.py --seed 1 --kills 10
    python tests/attacks/kill_at_random.py --seed 2 --kills 20 --only compare

Each kind of command is killed `--kills` times or a little more often, by SIGKILL and by SIGTERM in
turn, sometimes again while it goes on. A table in the end says what was killed while it did
what, and whether it ended with what a command that was never killed ends with: to the bit, or to
rounding. If anything else came of it, that is told, and the exit code is 1. `test_kill_at_random`
runs a few.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

sys.path.append(str(Path(__file__).parents[1] / "reference"))
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MPLBACKEND"] = "Agg"

import torch
from killable import (
    SIGNALS,
    Comparison,
    ForkedSeeds,
    ForkedTraining,
    Killable,
    Torchrun,
    WholeProcess,
)
from small_quickstart import SMALL
from tiny_runs import TINY_RECIPE

ROOT = Path(__file__).parents[2]

QUICKSTART = ["train", "quickstart", *SMALL, "scenes.train=80", "tracking.wandb=off"]
TINY = ["tiny.yaml", "--plugin", str(ROOT / "tests/training/tiny.py")]
NOISELESS = [
    *("model.scheduler=calm_scheduler", "model.encoder=calm_encoder", "model.estimator=enumerate"),
    *("training.precision=64-true", "training.lr=1.0e-3", "scenes.train=1600"),
    *("--plugin", str(ROOT / "tests/training/noiseless.py")),
]
SEEDS = ["seed-0", "seed-1", "seed-2"]
ARM = ["reference/seed-0", "reference/seed-1"]

KINDS: dict[str, Callable[[Path], Killable]] = {
    "train": lambda folder: ForkedTraining(folder, QUICKSTART, 2),
    "start": lambda folder: WholeProcess(folder, QUICKSTART, 2),
    "seeds": lambda folder: ForkedSeeds(folder, ["train", *TINY, "--seeds", "0..2"], 3, SEEDS),
    "compare": lambda folder: Comparison(
        folder, ["compare", *TINY, "--seeds", "2", "--jobs", "2"], 3, ARM
    ),
    "torchrun": lambda folder: Torchrun(folder, ["train", *TINY, *NOISELESS], 3),
}
"""What is killed; each makes one that is not."""

Counts = Counter[tuple[str, str, str, str]]
"""Kills by kind, what it was doing, signal, and what came of it in the end."""


def killed(killable: Killable, seed: int, least: int) -> Counts:
    """Kills a kind of command so often, and tells at once what came of it."""
    chance = Random(f"{seed} {killable.name}")
    counts: Counts = Counter()
    for number in count():
        if counts.total() >= least or number > 10 * least:
            return counts
        signal = ("SIGKILL", "SIGTERM")[number % 2]
        out = f"{killable.whole}-{number:03d}"
        doing, outcome = killable.trial(out, chance, SIGNALS[signal])
        way = {"": "to the bit", "rounding": "to rounding"}.get(outcome, "otherwise")
        said = f"otherwise: {outcome}" if way == "otherwise" else way
        print(f"{out}: {signal} during {', then '.join(doing)}: {said}", flush=True)
        for each in doing:
            counts[killable.name, each, signal, way] += 1
    return counts


def table(counts: Counts) -> str:
    """The counts in Markdown."""
    ends = ["to the bit", "to rounding", "otherwise"]
    rows = sorted({key[:3] for key in counts})
    lines = [f"| command | killed | by | kills | {' | '.join(ends)} |"]
    lines.append("|---|---|---|--:|--:|--:|--:|")
    for row in rows:
        found = [counts[*row, end] for end in ends]
        lines.append(f"| {' | '.join((*row, str(sum(found)), *map(str, found)))} |")
    found = [sum(n for key, n in counts.items() if key[3] == end) for end in ends]
    lines.append(f"| all | | | {' | '.join(map(str, (sum(found), *found)))} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kills", type=int, default=10, help="at least, of each kind")
    parser.add_argument("--only", choices=KINDS, action="append", help="a kind; repeatable")
    parser.add_argument("--folder", type=Path, help="stays; by default one that is removed")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    counts: Counts = Counter()
    with TemporaryDirectory() as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        os.chdir(folder)
        Path("tiny.yaml").write_text(TINY_RECIPE)
        for kind in asked.only or KINDS:
            counts += killed(KINDS[kind](folder), asked.seed, asked.kills)
        os.chdir(ROOT)
    print(table(counts))
    return int(any(key[3] == "otherwise" for key in counts))


if __name__ == "__main__":
    sys.exit(main())
