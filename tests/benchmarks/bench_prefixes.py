"""How much faster exact presence is if each canvas adds one layer to the one before.

    python tests/benchmarks/bench_prefixes.py

times a training step of a colour recipe with `prefixes` of its compositor, and with those of the
interface, which compose each canvas anew. Both steps run in this process by turns, on one thread;
the figure is the median over the rounds of their ratio. Nothing is asserted: a time is a property
of a machine.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from objcentric.interfaces import Compositor
from objcentric.progress import Progress
from objcentric.recipe import load

SIDE = 64
COLOUR = [
    "model.objects=5",
    "model.compositor=over",
    "model.decoder=alpha_decoder",
    "model.scheduler={use: pursuit, residue: absolute}",
]


def step_of(image: Tensor) -> tuple[Compositor, Callable[[], None]]:
    """A model's compositor, and its training step: forward, backward and optimiser."""
    model = load("scattered", COLOUR).build_model((3, SIDE, SIDE))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True)
    progress = Progress.at(0.0, epochs=1.0)

    def step() -> None:
        optimizer.zero_grad()
        model(image, progress).loss.backward()
        optimizer.step()

    return model.compositor, step


def seconds(step: Callable[[], None]) -> float:
    """Time of one step."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def main() -> None:
    """Prints both medians and their ratio."""
    parser = argparse.ArgumentParser(description="Time of a step with and without prefixes.")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    image = torch.rand(options.batch, 3, SIDE, SIDE)
    _, ours = step_of(image)
    compositor, plain = step_of(image)
    object.__setattr__(compositor, "prefixes", Compositor.prefixes.__get__(compositor))
    for step in (plain, ours):
        step()  # warm up
    times = [(seconds(plain), seconds(ours)) for _ in range(options.rounds)]
    before, after = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(two / one for one, two in times)
    print(f"{1e3 * before:.0f} ms a step, {1e3 * after:.0f} ms with prefixes: ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
