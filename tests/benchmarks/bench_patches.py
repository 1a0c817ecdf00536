"""How much faster a training step is if objects that add up stay patches.

    python tests/benchmarks/bench_patches.py [RECIPE …] [KEY=VALUE …]

times a training step of each recipe with layers that stay patches, and with layers that are drawn
on canvases of their own. Both steps run in this process by turns, on one thread; the figure is the
median over the rounds of their ratio, in processor time. Nothing is asserted: a time is a property
of a machine. Against another checkout: `bench_checkouts.py`. Over slots, canvas and batch:
`bench_wide.py`.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch

from objcentric.interfaces import perception
from objcentric.progress import Progress
from objcentric.recipe import load

SIDES = {"crowded": 128}
"""Sides of a recipe's scenes, in pixels; 64 unless named."""


def step_of(
    recipe: str, options: list[str], batch: int, side: int | None = None
) -> Callable[[], None]:
    """A training step: forward, backward and optimiser."""
    torch.manual_seed(0)
    shape = (3 if recipe == "sprites" else 1, *2 * (side or SIDES.get(recipe, 64),))
    model = load(recipe, options).build_model(shape)
    image = (torch.rand(batch, *shape) - 0.7).clamp(min=0)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True)
    progress = Progress.at(0.0, epochs=1.0)

    def step() -> None:
        optimizer.zero_grad()
        model(image, progress).loss.backward()
        optimizer.step()

    return step


def seconds(step: Callable[[], None], ratio: float) -> float:
    """Processor time of a step in which layers stay patches from this ratio of sizes."""
    perception.MUCH_LARGER = ratio
    start = time.process_time()
    step()
    return time.process_time() - start


def main() -> None:
    """Prints both medians and their ratio."""
    parser = argparse.ArgumentParser(description="Time of a step with and without patches.")
    parser.add_argument("words", nargs="*", default=["crowded"])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    overrides = [word for word in options.words if "=" in word]
    for recipe in (word for word in options.words if "=" not in word):
        steps = [step_of(recipe, overrides, options.batch) for _ in range(2)]
        kept = float(perception.MUCH_LARGER)
        times = [
            (seconds(steps[0], float("inf")), seconds(steps[1], kept))
            for _ in range(options.rounds + 1)
        ][1:]  # the first one warms up
        perception.MUCH_LARGER = kept
        before, after = (statistics.median(column) for column in zip(*times, strict=True))
        ratio = statistics.median(one / two for one, two in times)
        print(
            f"{recipe}: {1e3 * before:.0f} ms drawn, {1e3 * after:.0f} ms as patches: "
            f"{ratio:.2f} times as fast",
            flush=True,
        )


if __name__ == "__main__":
    main()
