"""What endless scenes cost beside the training step that they are for.

    python tests/benchmarks/bench_endless.py [RECIPE …]

makes a batch's scenes and takes a training step on them by turns, on one thread, in processor time;
medians. Nothing is asserted: a time is a property of a machine.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch

from objcentric.interfaces import SceneStream
from objcentric.progress import Progress
from objcentric.recipe import load

BATCH = 128
"""As many scenes as are made at once on a CPU."""


def step_on(recipe: str, shape: tuple[int, ...]) -> Callable[[torch.Tensor], None]:
    """A training step of a recipe: forward, backward and optimiser."""
    model = load(recipe).build_model((shape[0], shape[1], shape[2]))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True)
    progress = Progress.at(0.0, epochs=1.0)

    def step(images: torch.Tensor) -> None:
        optimizer.zero_grad()
        model(images.float() / 255, progress).loss.backward()
        optimizer.step()

    return step


def rounds(
    stream: SceneStream, step: Callable[[torch.Tensor], None], number: int
) -> list[tuple[float, float]]:
    """Seconds of making a batch, and of a step on it; what comes before the first warms up."""
    found = []
    for each in range(number + 1):
        numbers = torch.arange(each * BATCH, (each + 1) * BATCH)
        start = time.process_time()
        images, _ = stream.at(numbers, ("counts",))
        between = time.process_time()
        step(images)
        found.append((between - start, time.process_time() - between))
    return found[1:]


def main() -> None:
    """Prints the times of each recipe, for one image."""
    parser = argparse.ArgumentParser(description="Time of endless scenes and of training steps.")
    parser.add_argument("recipes", nargs="*", default=["quickstart", "scattered", "sprites"])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print("| recipe | endless scene | training step | share |")
    print("|---|---:|---:|---:|")
    for recipe in options.recipes:
        scenes = load(recipe, ["scenes.endless=true", f"scenes.train={BATCH}"]).build_source()
        first = scenes.scenes("train")
        assert first.stream is not None
        pairs = rounds(first.stream, step_on(recipe, tuple(first.images.shape[1:])), options.rounds)
        made, trained = (1e6 * statistics.median(each) / BATCH for each in zip(*pairs, strict=True))
        share = made / (made + trained)
        print(
            f"| `{recipe}` | {made:.0f} µs | {trained:.0f} µs | {share:.1%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
