"""How long steps of several seeds take as one model, against one seed after the other.

    python tests/benchmarks/bench_stack.py [--seeds 8] [--batch 64] [--rounds 9]

On noise instead of scenes, one thread, in alternating rounds; the figure is CPU time, which other
work on the machine touches less than wall time. For a GPU, see gpu.py.
"""

import argparse
import statistics
import time

import torch
from gpu import engine_on_noise

from objcentric.randomness import noise_state
from objcentric.registry import Registry
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.stack import Stack
from objcentric.training.guards import unchecked

STEPS = 2
"""Steps of each seed per round."""


def engines(registry: Registry, seeds: int, batch: int) -> list[EagerEngine]:
    """Engines of several seeds, each at the beginning of a training."""
    made = []
    for seed in range(seeds):
        words = [f"seed={seed}", "training.device=cpu"]
        engine = engine_on_noise(registry, batch, words, STEPS)
        assert isinstance(engine, EagerEngine)
        made.append(engine)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    registry = Registry.discover()
    alone = engines(registry, options.seeds, options.batch)
    together = engines(registry, options.seeds, options.batch)
    ratios = []
    with unchecked():
        stack = Stack(together, [noise_state(engine.device) for engine in together])
        stack.begin_epoch()
        for warm_up in (True, *[False] * options.rounds):
            start = time.process_time()
            for engine in alone:
                for number in range(STEPS):
                    engine.step(number, 0)
            between = time.process_time()
            for number in range(STEPS):
                stack.step(number, 0)
            if not warm_up:
                ratios.append((time.process_time() - between) / (between - start))
    print(
        f"{options.seeds} seeds as one: {statistics.median(ratios):.2f} of the CPU time of one by "
        f"one ({min(ratios):.2f} to {max(ratios):.2f}, {options.rounds} rounds)"
    )


if __name__ == "__main__":
    main()
