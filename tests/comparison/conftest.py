"""Comparisons of the tiny model, planned but for the most part never trained."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def odd_plugin() -> Path:
    """A plugin file with components that cannot be used."""
    return Path(__file__).with_name("odd.py")


@pytest.fixture(scope="session")
def odd_registry(tiny_plugin: Path, odd_plugin: Path) -> Any:
    from objcentric.registry import Registry

    return Registry.discover([tiny_plugin, odd_plugin])


@pytest.fixture
def plan_of(tiny_recipe_file: Path, odd_registry: Any) -> Callable[..., Any]:
    """`plan_of("estimator=a,b", …)` plans a comparison of the tiny recipe."""
    from objcentric.comparison.planning import make_plan

    def plan(
        *swaps: str,
        overrides: Any = (),
        seeds: int = 2,
        combine: bool = False,
        against: Any = (),
    ) -> Any:
        return make_plan(
            str(tiny_recipe_file),
            overrides,
            swaps,
            seeds=seeds,
            combine=combine,
            registry=odd_registry,
            against=against,
        )

    return plan


@pytest.fixture
def pretend() -> Callable[..., None]:
    """Writes what a training would have left behind: its count accuracy on validation scenes epoch
    by epoch, of which the last is that on test scenes, too."""

    def write(trial: Any, accuracies: list[float], **summary: Any) -> None:
        trial.run.path.mkdir(parents=True)
        trial.run.write_recipe()
        for epoch, accuracy in enumerate(accuracies, 1):
            figures = {"count_accuracy": accuracy, "elbo": -100.0 - trial.seed}
            line = {"epoch": epoch, "images": 64 * epoch, "seconds": 1.5 * epoch}
            trial.run.append_metrics(line | {"train": {}, "validation": figures})
        found = {
            "status": "finished",
            "epochs": len(accuracies),
            "test": figures if accuracies else {},
            "scenes_sha256": {"train": "a", "validation": "c", "test": "b"},
        }
        trial.run.write_summary(found | summary)

    return write
