"""How long a training step takes: the framework's AIR against the plain implementation.

    python tests/benchmarks/bench_training_step.py --help

Both run in this process on the same random images, in alternating rounds of a few steps each, so
that whatever else the machine does hits both; the figure is the median over the rounds of forward,
backward and optimiser together. Nothing is asserted: a time is a property of a machine.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from plain_air import CANVAS, PlainAir
from twins import air

from objcentric.progress import Progress

Step = Callable[[], None]


def plain_step(image: Tensor) -> Step:
    """A training step of the plain implementation."""
    model = PlainAir()
    optimizer = model.optimizer()

    def step() -> None:
        optimizer.zero_grad()
        model(image).mean().loss.backward()
        optimizer.step()

    return step


def framework_step(image: Tensor) -> Step:
    """A training step of the framework's AIR with the same figures."""
    model = air()
    baseline = [*model.estimator.parameters()]
    own = {id(parameter) for parameter in baseline}
    rest = [parameter for parameter in model.parameters() if id(parameter) not in own]
    groups: list[dict[str, Any]] = [{"params": rest}, {"params": baseline, "lr": 1e-2}]
    optimizer = torch.optim.Adam(groups, lr=1e-4, fused=True)
    progress = Progress.at(0.0, epochs=1.0)

    def step() -> None:
        optimizer.zero_grad()
        model(image, progress).loss.backward()
        optimizer.step()

    return step


def milliseconds(step: Step, steps: int) -> float:
    """Time of one step, averaged over a few."""
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - start) / steps * 1e3


def compare(batch: int, rounds: int, steps: int, threads: int) -> None:
    """Prints both medians and their ratio for a number of threads."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    image = (torch.rand(batch, 1, CANVAS, CANVAS) - 0.7).clamp(min=0)
    plain, framework = plain_step(image), framework_step(image)
    for step in (plain, framework):
        milliseconds(step, steps)  # warm up
    times = [(milliseconds(plain, steps), milliseconds(framework, steps)) for _ in range(rounds)]
    slow, fast = (statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"{threads} threads, batch {batch}: plain {slow:.1f} ms, framework {fast:.1f} ms "
        f"({batch / fast * 1e3:,.0f} images/s), ratio {slow / fast:.2f}"
    )


def show_profile(batch: int) -> None:
    """Prints where the framework's time goes, by operator."""
    step = framework_step(torch.rand(batch, 1, CANVAS, CANVAS))
    milliseconds(step, 3)
    with profile(activities=[ProfilerActivity.CPU]) as record:
        milliseconds(step, 10)
    print(record.key_averages().table(sort_by="self_cpu_time_total", row_limit=20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=4, help="steps a round")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, torch.get_num_threads()])
    parser.add_argument("--profile", action="store_true", help="show the framework's operators")
    options = parser.parse_args()
    for threads in sorted(set(options.threads)):
        compare(options.batch, options.rounds, options.steps, threads)
        if options.profile:
            show_profile(options.batch)


if __name__ == "__main__":
    main()
