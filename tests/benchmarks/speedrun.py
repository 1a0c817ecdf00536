"""Training seconds until a model counts: the speedrun, whose rules are in docs/speedrun.md.

    python tests/benchmarks/speedrun.py [RECIPE] [KEY=VALUE ...] --seeds 20 --mark 4.0

One process, one thread, one seed after the other. A model of another seed trains a few steps
first, so that nobody pays for what a process does only once. The clock is the processor time of
this process, and runs only while a training step does: making scenes, building the model and
evaluation are free.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from scipy.stats import ttest_1samp

from objcentric.errors import ObjcentricError
from objcentric.evaluation.evaluate import evaluate, fitting
from objcentric.interfaces import Metric, Scenes, Split
from objcentric.randomness import derived_seed
from objcentric.recipe import load
from objcentric.recipe.recipe import Recipe
from objcentric.registry import Registry
from objcentric.training.batches import epoch_batches, steps_per_epoch
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.guards import unchecked
from objcentric.training.making import all_scenes

GOALS = (0.98, 0.995)
EVERY = 1024
"""Images of training between two evaluations."""

COUNTING = "count_accuracy"


@dataclass(frozen=True)
class Result:
    """How fast one seed was.

    Attributes:
        seed: the seed.
        seconds: of training until the first evaluation that reaches each goal; None if none did.
        images: the same in images.
        accuracies: of all evaluations.
    """

    seed: int
    seconds: tuple[float | None, ...]
    images: tuple[int | None, ...]
    accuracies: tuple[float, ...]


def clock(device: torch.device) -> Callable[[], float]:
    """Processor seconds of this process; on a GPU, seconds after everything queued is done."""
    if device.type == "cpu":
        return time.process_time

    def waited() -> float:
        torch.cuda.synchronize(device)
        return time.perf_counter()

    return waited


def engine_of(recipe: Recipe, scenes: Mapping[Split, Scenes], seed: int) -> EagerEngine:
    """A model of this seed at its start, as `objcentric train` makes it."""
    torch.manual_seed(seed)
    _, height, width = scenes["train"].images.shape[1:]
    model = recipe.build_model((scenes["train"].images.shape[1], height, width))
    torch.manual_seed(derived_seed("noise", seed))
    return EagerEngine(model, scenes["train"], [], recipe.training, recipe.model.rates)


def counting(recipe: Recipe, engine: EagerEngine, scenes: Scenes) -> list[Metric]:
    """The metric of count accuracy."""
    return [
        metric
        for metric in fitting(recipe.evaluation.build(), engine.model, scenes)
        if metric.key == COUNTING
    ]


def looks(
    recipe: Recipe, engine: EagerEngine, scenes: int, seed: int
) -> Iterator[tuple[float, int]]:
    """Trains, and stops for a look after every `EVERY` images: seconds and images so far."""
    now, size = clock(engine.device), recipe.training.batch_size
    seconds, images = 0.0, 0
    for epoch in range(recipe.training.epochs):
        engine.begin_epoch(epoch, epoch_batches(seed, epoch, scenes, size))
        for number in range(steps_per_epoch(scenes, size)):
            before = now()
            engine.step(number, images)
            seconds += now() - before
            images += size
            if images // EVERY > (images - size) // EVERY:
                yield seconds, images


def run(
    recipe: Recipe,
    scenes: Mapping[Split, Scenes],
    split: Split,
    seed: int,
    goals: Sequence[float],
) -> Result:
    """Trains one seed until it has reached all goals, or to the recipe's last epoch."""
    engine = engine_of(recipe, scenes, seed)
    metrics = counting(recipe, engine, scenes[split])
    reached: dict[float, tuple[float, int]] = {}
    accuracies = []
    for seconds, images in looks(recipe, engine, len(scenes["train"]), seed):
        found = evaluate(engine.model, scenes[split], metrics, engine.device)[COUNTING]
        accuracies.append(float(found or 0.0))
        for goal in goals:
            if accuracies[-1] >= goal:
                reached.setdefault(goal, (seconds, images))
        if len(reached) == len(goals):
            break
    pairs = [reached.get(goal, (None, None)) for goal in goals]
    return Result(seed, tuple(p[0] for p in pairs), tuple(p[1] for p in pairs), tuple(accuracies))


def warm_up(recipe: Recipe, scenes: Mapping[Split, Scenes]) -> None:
    """Trains a model of a seed that does not count for a few steps."""
    engine = engine_of(recipe, scenes, 10_000)
    size = recipe.training.batch_size
    engine.begin_epoch(0, epoch_batches(10_000, 0, len(scenes["train"]), size))
    for number in range(5):
        engine.step(number, number * size)


def summary(results: list[Result], goals: Sequence[float], goal: int, mark: float | None) -> str:
    """A line about one goal: seeds that reached it, mean, spread, and the test against the mark."""
    times = [result.seconds[goal] for result in results if result.seconds[goal] is not None]
    line = f"{100 * goals[goal]:g}%: {len(times)} of {len(results)} seeds"
    if not times:
        return line
    line += f", mean {statistics.mean(times):.2f} s, worst {max(times):.2f} s"
    if mark is None or len(times) < 2:
        return line
    if len(times) < len(results):
        return f"{line}; no record, because not every seed reached it"
    p = ttest_1samp(times, mark, alternative="less").pvalue
    verdict = "a record" if p < 0.01 and len(times) >= 20 else "no record"
    return f"{line}; mean below {mark:g} s with p = {p:.2g}: {verdict}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recipe", nargs="?", default="speedrun")
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE")
    parser.add_argument("--seeds", type=int, default=20, help="seeds 0, 1, …, or from --first")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--split", default="test", help="validation, to choose settings by")
    parser.add_argument("--goals", type=float, nargs="+", default=list(GOALS))
    parser.add_argument("--mark", type=float, help="mean seconds that the first goal must beat")
    parser.add_argument("--json", type=Path, help="write every seed's figures to this file")
    options = parser.parse_intermixed_args()
    torch.set_num_threads(1)
    recipe = load(options.recipe, options.overrides, Registry.discover())
    scenes = all_scenes(recipe)
    results = []
    with unchecked():
        warm_up(recipe, scenes)
        for seed in range(options.first, options.first + options.seeds):
            result = run(recipe, scenes, options.split, seed, options.goals)
            results.append(result)
            tail = " ".join(f"{100 * each:.1f}" for each in result.accuracies[-12:])
            shown = ", ".join("never" if s is None else f"{s:.2f} s" for s in result.seconds)
            print(f"seed {seed}: {shown}; images {result.images}; … {tail}", flush=True)
    for goal in range(len(options.goals)):
        print(summary(results, options.goals, goal, options.mark if goal == 0 else None))
    if options.json:
        options.json.write_text(json.dumps([asdict(r) for r in results], indent=1), "utf-8")


if __name__ == "__main__":
    try:
        main()
    except ObjcentricError as error:
        sys.exit(str(error))
