"""Every check and benchmark that needs a CUDA device, written to docs/results/gpu.md.

    python tests/benchmarks/gpu.py

Without a CUDA device nothing is measured and no page is written. `--smoke` runs all parts briefly
on whatever device there is and prints the page, to see that the script works: its figures mean
nothing.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import torch

from objcentric.interfaces import Scenes
from objcentric.randomness import derived_seed, noise_state
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.training.arithmetic import arithmetic
from objcentric.training.batches import epoch_batches
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.engine import Engine
from objcentric.training.engines.make_engine import make_engine
from objcentric.training.engines.stack import Stack
from objcentric.training.guards import unchecked

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "results" / "gpu.md"
RECIPE = "air-multi-mnist"
FORMATS = {
    "float32": (),
    "TF32": ("training.tf32=true",),
    "bfloat16": ("training.precision=bf16-mixed",),
    "float32, deterministic": ("training.deterministic=true",),
}


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    batches: Sequence[int] = (64, 256)
    steps: int = 100
    repeats: int = 5
    epochs: int = 50
    scenes: int = 10_000
    seeds: int = 100


SMOKE = Size(batches=(4,), steps=6, repeats=1, epochs=1, scenes=16, seeds=2)
"""Enough to see that everything runs."""


def engine_on_noise(registry: Registry, batch: int, changes: Sequence[str], steps: int) -> Engine:
    """An engine at the beginning of an epoch, on noise instead of scenes."""
    recipe = load(RECIPE, [f"training.batch_size={batch}", *changes], registry)
    shape = recipe.build_source().image_shape
    chance = torch.Generator().manual_seed(0)
    images = torch.randint(256, (batch * steps, *shape), generator=chance).byte()
    torch.manual_seed(recipe.seed)
    model = recipe.build_model(shape)
    scenes = Scenes(images=images, sha256="")
    engine = make_engine(model, scenes, [], recipe.training, recipe.model.rates, print)
    torch.manual_seed(derived_seed("noise", recipe.seed))
    engine.begin_epoch(0, epoch_batches(recipe.seed, 0, len(scenes), batch))
    return engine


def waited(engine: Engine) -> float:
    """The time once the device has done all it was given."""
    engine.tally.means()
    return time.perf_counter()


def images_per_second(registry: Registry, batch: int, changes: Sequence[str], size: Size) -> str:
    """Median, worst and best of the repeats."""
    recipe = load(RECIPE, changes, registry)
    with unchecked(), arithmetic(recipe.training):
        engine = engine_on_noise(registry, batch, changes, size.steps)
        for number in range(min(5, size.steps)):  # warm-up, and the capture
            engine.step(number, 0)
        rates = []
        for _ in range(size.repeats):
            start = waited(engine)
            for number in range(size.steps):
                engine.step(number, number * batch)
            rates.append(size.steps * batch / (waited(engine) - start))
    return _spread(rates)


def _spread(rates: Sequence[float]) -> str:
    return f"{statistics.median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"


def speeds(registry: Registry, size: Size, engines: Sequence[str]) -> Iterator[str]:
    """Images per second by engine, arithmetic and batch size."""
    yield "| engine | arithmetic | batch | images per second: median (worst to best) |"
    yield "|---|---|---:|---:|"
    for engine, (name, changes), batch in product(engines, FORMATS.items(), size.batches):
        words = [*changes, f"training.engine={engine}"]
        yield f"| {engine} | {name} | {batch} | {images_per_second(registry, batch, words, size)} |"


def seeds_as_one(registry: Registry, size: Size, engines: Sequence[str]) -> Iterator[str]:
    """Images per second of all seeds together, stacked, against one seed by each engine."""
    batch, words = size.batches[0], ["training.engine=eager"]
    recipe = load(RECIPE, words, registry)
    for engine in engines:
        alone = [f"training.engine={engine}"]
        yield f"- one seed, {engine}: {images_per_second(registry, batch, alone, size)}"
    counts = sorted({1, 8, size.seeds} & set(range(size.seeds + 1)))
    for seeds in counts:
        with unchecked(), arithmetic(recipe.training):
            made = []
            for seed in range(seeds):
                each = engine_on_noise(registry, batch, [*words, f"seed={seed}"], size.steps)
                assert isinstance(each, EagerEngine)
                made.append((each, noise_state(each.device)))
            stack = Stack([each for each, _ in made], [noise for _, noise in made])
            stack.begin_epoch()
            stack.step(0, 0)
            rates = []
            for _ in range(size.repeats):
                start = waited(stack.lead)
                for number in range(size.steps):
                    stack.step(number, number * batch)
                rates.append(seeds * size.steps * batch / (waited(stack.lead) - start))
        yield f"- {seeds} seeds as one: {_spread(rates)}"


def agreement(registry: Registry, size: Size, engines: Sequence[str]) -> Iterator[str]:
    """How far engines are apart after some steps of the same training."""
    for name, changes in FORMATS.items():
        weights = []
        for engine in engines:
            words = [*changes, f"training.engine={engine}"]
            recipe = load(RECIPE, words, registry)
            with unchecked(), arithmetic(recipe.training):
                made = engine_on_noise(registry, size.batches[0], words, size.steps)
                for number in range(min(20, size.steps)):
                    made.step(number, number)
            weights.append(torch.cat([w.detach().flatten() for w in made.model.parameters()]))
        apart = max((w - weights[0]).abs().max().item() for w in weights)
        same = "the same bits" if apart == 0 else f"weights at most {apart:.1e} apart"
        yield f"- {name}, {min(20, size.steps)} steps, {' and '.join(engines)}: {same}."


def cuda_tests() -> Iterator[str]:
    """The tests that need a CUDA device."""
    words = [sys.executable, "-m", "pytest", "-q", "-m", "cuda", "tests", "plugins"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    yield f"`pytest -m cuda`: {done.stdout.strip().splitlines()[-1]}"


def whole_runs(size: Size, device: str) -> Iterator[str]:
    """Whole trainings on real digits: how long, and how good."""
    if not (Path(os.environ.get("OBJCENTRIC_DATA", "/nowhere")) / "MNIST").is_dir():
        yield "Not run: no MNIST was at hand (OBJCENTRIC_DATA)."
        return
    yield "| recipe | epochs | seconds | seconds to 98% | test | images per second |"
    yield "|---|---:|---:|---:|---:|---:|"
    for recipe in (RECIPE, f"{RECIPE}-enumerate"):
        with tempfile.TemporaryDirectory() as folder:
            words = ["train", recipe, f"training.epochs={size.epochs}", f"training.device={device}"]
            words += [f"scenes.train={size.scenes}", "tracking.wandb=off", "--out", f"{folder}/run"]
            subprocess.run([sys.executable, "-m", "objcentric", *words], check=True, cwd=ROOT)
            found = json.loads(Path(folder, "run", "summary.json").read_text())
        cells = [
            f"{found['train_seconds']:.1f}",
            str(found.get("seconds_to_98_percent")),
            f"{found['test']['count_accuracy']:.2%}",
            f"{found['images_per_second']:,.0f}",
        ]
        yield f"| {recipe} | {size.epochs} | {' | '.join(cells)} |"


def page(size: Size, device: str) -> str:
    """The whole page."""
    registry = Registry.discover()
    cuda = device == "cuda"
    engines = ("eager", "graph") if cuda else ("eager",)
    where = torch.cuda.get_device_name() if cuda else "no CUDA device: these figures mean nothing"
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "Checks": cuda_tests if cuda else lambda: iter(["Not run: no CUDA device."]),
        "Eager and graph learn the same": lambda: agreement(registry, size, engines),
        "Images per second": lambda: speeds(registry, size, engines),
        "Images per second of all seeds": lambda: seeds_as_one(registry, size, engines),
        "Whole trainings": lambda: whole_runs(size, device),
    }
    lines = ["# On a GPU", "", "```console", "python tests/benchmarks/gpu.py", "```", ""]
    lines += [f"One {where}, torch {torch.__version__}; `{RECIPE}`, steps on noise.", ""]
    for title, part in parts.items():
        lines += [f"## {title}", "", *part(), ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="see that it runs; writes no page")
    if parser.parse_args().smoke:
        print(page(SMOKE, "cuda" if torch.cuda.is_available() else "cpu"))
    elif not torch.cuda.is_available():
        raise SystemExit("there is no CUDA device here, so nothing is measured")
    else:
        PAGE.write_text(page(Size(), "cuda"), encoding="utf-8")
        print(f"Written: {PAGE}")


if __name__ == "__main__":
    main()
