"""The tiny model and its runs."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

TINY_RECIPE = """\
name: tiny
seed: 1
scenes: {use: squares}
model:
  objects: 2
  what_dim: 3
  glimpse: 4
  glimpser: {use: window}
  encoder: {use: linear_encoder}
  decoder: {use: linear_decoder}
  scheduler: {use: at_once}
  estimator: {use: score, lr: 0.1}
  prior: {use: few_objects}
  compositor: {use: add}
  likelihood: {use: gauss}
training: {epochs: 3, batch_size: 16, lr: 0.01, device: cpu}
tracking: {wandb: "off"}
"""


@pytest.fixture(scope="session")
def tiny_plugin() -> Path:
    """A plugin file whose model trains in a moment: see its own words."""
    return Path(__file__).parents[1] / "training" / "tiny.py"


@pytest.fixture(scope="session")
def tiny_recipe_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "tiny.yaml"
    path.write_text(TINY_RECIPE, encoding="utf-8")
    return path


@pytest.fixture
def tiny_registry(tiny_plugin: Path) -> Any:
    from objcentric.registry import Registry

    return Registry.discover([tiny_plugin])


@pytest.fixture
def tiny_recipe(tiny_recipe_file: Path, tiny_registry: Any) -> Callable[..., Any]:
    """`tiny_recipe("training.epochs=1", …)` loads the tiny recipe with changes."""
    from objcentric.recipe import load

    return lambda *overrides: load(tiny_recipe_file, overrides, tiny_registry)


@pytest.fixture
def scenes_of() -> Callable[[Any], dict[Any, Any]]:
    """All splits of a recipe's scenes."""

    from typing import get_args

    from objcentric.interfaces import Split

    def make(recipe: Any) -> dict[str, Any]:
        source = recipe.build_source()
        return {split: source.scenes(split) for split in get_args(Split)}

    return make


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures and the report take longer than everything else about a tiny training."""
    monkeypatch.setattr("objcentric.training.epoch_end.draw_epoch", lambda *_: {})
    monkeypatch.setattr("objcentric.training.train.report_run", lambda *_: None)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Tensors this small are not worth a second thread, least of all on a busy machine."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def train_tiny(
    tiny_recipe: Callable[..., Any],
    tiny_registry: Any,
    scenes_of: Callable[[Any], dict[Any, Any]],
    tmp_path: Path,
    no_pictures: None,
    one_thread: None,
) -> Callable[..., Any]:
    """`train_tiny("name", *overrides)` trains in `tmp_path/name`, or goes on there.

    It returns `run`, `summary` and what was `printed`.
    """
    from rich.console import Console

    from objcentric.runs.run import Run
    from objcentric.runs.run_folders import new_run
    from objcentric.training.train import train

    def run_it(name: str = "run", *overrides: str) -> SimpleNamespace:
        recipe = tiny_recipe(*overrides)
        path = tmp_path / name
        fresh = not (path / "recipe.yaml").exists()
        printed = StringIO()
        with new_run(recipe, path) if fresh else nullcontext(Run(path, recipe)) as run:
            summary = train(run, scenes_of(recipe), tiny_registry, Console(file=printed, width=200))
        return SimpleNamespace(run=run, summary=summary, printed=printed.getvalue())

    return run_it


@pytest.fixture
def learned() -> Callable[[Any], dict[Any, Any]]:
    """What a run learned and reported, to the bit; only how long it took is left out."""

    from what_was_learned import what_was_learned

    return lambda run: what_was_learned(run.path)
