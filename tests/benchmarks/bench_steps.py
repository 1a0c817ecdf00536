"""Whether a training step got slower between two checkouts, step by step.

    python tests/benchmarks/bench_steps.py BEFORE AFTER RECIPE [KEY=VALUE …]

Two processes, one with the code of each checkout, take a training step on noise by turns, on one
thread. The figure is the median over the rounds of before / after, in processor time. Name the
components that the recipe has changed since, so that both train the same model. Nothing is
asserted: a time is a property of a machine. Whole trainings: `bench_checkouts.py`.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 9
BATCH = 64
SERVE = "--serve"


def serve(recipe: str, options: list[str]) -> None:
    """Takes a step for each line of standard input, and prints its processor time."""
    import torch
    from bench_patches import step_of

    torch.set_num_threads(1)
    step = step_of(recipe, options, BATCH)
    for _ in sys.stdin:
        start = time.process_time()
        step()
        print(time.process_time() - start, flush=True)


def served(checkout: Path, words: list[str]) -> "subprocess.Popen[str]":
    """A process that serves steps with the code of a checkout."""
    sources = [checkout, *sorted(checkout.glob("plugins/*/src"))]
    path = os.pathsep.join(map(str, sources))
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, __file__, SERVE, *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)


def seconds(process: "subprocess.Popen[str]") -> float:
    """Processor time of the next step of a process."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise SystemExit("a process ended; its error is above")
    return float(answer)


def main() -> None:
    """Times the steps of the two checkouts that the command line names."""
    if sys.argv[1] == SERVE:
        serve(sys.argv[2], sys.argv[3:])
        return
    both = [served(Path(each).resolve(), sys.argv[3:]) for each in sys.argv[1:3]]
    times = [[seconds(process) for process in both] for _ in range(ROUNDS + 1)][1:]
    for process in both:
        process.communicate()
    before, after = (statistics.median(column) for column in zip(*times, strict=True))
    ratios = sorted(one / two for one, two in times)
    print(
        f"{' '.join(sys.argv[3:])}: {1e3 * before:.0f} ms before, {1e3 * after:.0f} ms after, "
        f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


if __name__ == "__main__":
    main()
