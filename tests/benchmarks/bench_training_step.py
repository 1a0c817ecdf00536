"""How long a training step takes: the framework's AIR against the plain implementation.

    python tests/benchmarks/bench_training_step.py --batch 64 256 --json step.json

All run in this process on the same random images, in alternating rounds of a few steps each, so
that whatever else the machine does hits all; the figure is the median over the rounds of forward,
backward and optimiser together. Beside it stands the share of the rate of large matrix products
that the step's own products reach. Nothing is asserted: a time is a property of a machine.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from plain_air import CANVAS, PlainAir
from twins import air

from objcentric.interfaces import GradientEstimator
from objcentric.progress import Progress
from objcentric_estimators.enumerate import Enumerate

Step = Callable[[], None]

SQUARE = 1024
"""Side of the matrices whose product's rate is measured."""


@dataclass(frozen=True)
class Figures:
    """What was measured of one way to take a step.

    Attributes:
        name: which implementation, estimator and precision.
        threads: of torch.
        batch: images a step.
        milliseconds: median time of a step.
        images_per_second: the same.
        times_plain: how many times as fast as the plain implementation.
        share_of_products: floating-point operations of the step's matrix products a second, as a
            share of those of one product of large square matrices in float32.
    """

    name: str
    threads: int
    batch: int
    milliseconds: float
    images_per_second: float
    times_plain: float
    share_of_products: float


def plain_step(image: Tensor) -> Step:
    """A training step of the plain implementation."""
    model = PlainAir()
    optimizer = model.optimizer()

    def step() -> None:
        optimizer.zero_grad()
        model(image).mean().loss.backward()
        optimizer.step()

    return step


def framework_step(
    image: Tensor, estimator: GradientEstimator | None = None, *, bf16: bool = False
) -> Step:
    """A training step of the framework's AIR with the same figures; REINFORCE if none is named."""
    model = air(estimator=estimator)
    baseline = [*model.estimator.parameters()]
    own = {id(parameter) for parameter in baseline}
    rest = [parameter for parameter in model.parameters() if id(parameter) not in own]
    groups: list[dict[str, Any]] = [{"params": rest}]
    if baseline:
        groups.append({"params": baseline, "lr": 1e-2})
    optimizer = torch.optim.Adam(groups, lr=1e-4, fused=True)
    progress = Progress.at(0.0, epochs=1.0)

    def rounded() -> AbstractContextManager[object]:
        return torch.autocast("cpu", torch.bfloat16) if bf16 else nullcontext()

    def step() -> None:
        optimizer.zero_grad()
        with rounded():
            loss = model(image, progress).loss
        loss.backward()
        optimizer.step()

    return step


def ways(image: Tensor) -> dict[str, Step]:
    """The ways to take a step that are compared, the plain one first."""
    return {
        "plain": plain_step(image),
        "REINFORCE": framework_step(image),
        "REINFORCE, bf16": framework_step(image, bf16=True),
        "exact": framework_step(image, Enumerate()),
        "exact, bf16": framework_step(image, Enumerate(), bf16=True),
    }


def milliseconds(step: Step, steps: int) -> float:
    """Time of one step, averaged over a few: of the processor, if there is one thread."""
    now = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    start = now()
    for _ in range(steps):
        step()
    return (now() - start) / steps * 1e3


def operations(step: Step) -> int:
    """Floating-point operations of the matrix products of a step."""
    with FlopCounterMode(display=False) as counter:
        step()
    return int(counter.get_total_flops())


def compare(batch: int, rounds: int, steps: int, threads: int) -> list[Figures]:
    """Measures all ways, round by round, beside the product of two large matrices."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    image = (torch.rand(batch, 1, CANVAS, CANVAS) - 0.7).clamp(min=0)
    square = torch.rand(SQUARE, SQUARE)
    arms = {**ways(image), "product": lambda: torch.mm(square, square)}
    work = {name: operations(step) for name, step in arms.items()}
    for step in arms.values():
        milliseconds(step, steps)  # warm up
    times: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, step in arms.items():
            times[name].append(milliseconds(step, steps))
    median = {name: statistics.median(each) for name, each in times.items()}
    rate = work["product"] / median.pop("product")
    return [
        Figures(
            name,
            threads,
            batch,
            milliseconds=each,
            images_per_second=batch / each * 1e3,
            times_plain=median["plain"] / each,
            share_of_products=work[name] / each / rate,
        )
        for name, each in median.items()
    ]


def show_profile(batch: int) -> None:
    """Prints where the framework's time goes, by operator."""
    step = framework_step(torch.rand(batch, 1, CANVAS, CANVAS))
    milliseconds(step, 3)
    with profile(activities=[ProfilerActivity.CPU]) as record:
        milliseconds(step, 10)
    print(record.key_averages().table(sort_by="self_cpu_time_total", row_limit=20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--batch", type=int, nargs="*", default=[64])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=4, help="steps a round")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, torch.get_num_threads()])
    parser.add_argument("--profile", action="store_true", help="show the framework's operators")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    found: list[Figures] = []
    for threads in sorted(set(options.threads)):
        for batch in options.batch:
            for each in compare(batch, options.rounds, options.steps, threads):
                found.append(each)
                print(
                    f"{threads} threads, batch {batch}, {each.name}: {each.milliseconds:.1f} ms, "
                    f"{each.images_per_second:,.0f} images/s, {each.times_plain:.2f} times plain, "
                    f"{100 * each.share_of_products:.0f}% of the rate of products",
                    flush=True,
                )
            if options.profile:
                show_profile(batch)
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in found], indent=1), "utf-8")


if __name__ == "__main__":
    main()
