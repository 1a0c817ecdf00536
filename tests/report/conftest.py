"""Runs with a history and a model, though nothing was trained, and pages that are read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import torch

CPU = torch.device("cpu")


@dataclass
class Page(HTMLParser):
    """What a page consists of.

    Attributes:
        tags: every element as (name, attributes).
        text: all text that is shown, and that of style and script.
    """

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def read(cls, path: Path) -> "Page":
        page = cls()
        page.feed(path.read_text(encoding="utf-8"))
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def sections(self) -> list[str | None]:
        return [attributes["id"] for tag, attributes in self.tags if tag == "section"]

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture
def read() -> Callable[[Path], Page]:
    return Page.read


@pytest.fixture
def material(scenes_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`material(recipe)`: the recipe's model with its initial weights, and its scenes."""
    from objcentric.report.trained import Material

    def make(recipe: Any) -> Any:
        model = recipe.build_model(recipe.build_source().image_shape)
        return Material(model, scenes_of(recipe)["validation"], CPU)

    return make


@pytest.fixture
def pretend_run(tmp_path: Path, material: Callable[[Any], Any]) -> Callable[..., Any]:
    """`pretend_run(recipe, name)`: the folder of a finished run whose model has not learned."""
    from objcentric.evaluation.evaluate import evaluate
    from objcentric.files import plain
    from objcentric.pictures.snapshot import Snapshot
    from objcentric.runs.run import Run

    def write(recipe: Any, name: str = "run", epochs: int = 2, **summary: Any) -> Any:
        run, live = Run(tmp_path / name, recipe), material(recipe)
        run.pictures.mkdir(parents=True)
        run.write_recipe()
        figures = plain(evaluate(live.model, live.scenes, recipe.evaluation.build(), CPU))
        for epoch in range(1, epochs + 1):
            train = {"loss": 9.0 / epoch, "nll": 8.0, "presence_kl": 0.5 * epoch}
            line = {"epoch": epoch, "images": 64 * epoch, "seconds": 1.5 * epoch}
            test = {"test": figures} if epoch == epochs else {}
            run.append_metrics(line | {"train": train, "validation": figures} | test)
            file = run.pictures / f"epoch-{epoch:04d}.safetensors"
            Snapshot.take(live.model, live.scenes, CPU).save(file)
        done = {"status": "finished", "epochs": epochs, "images": 64 * epochs, "train_seconds": 3.0}
        run.write_summary(done | {"test": figures, "validation": figures} | summary)
        return run

    return write


@pytest.fixture
def report_of(
    pretend_run: Callable[..., Any], material: Callable[[Any], Any]
) -> Callable[..., Any]:
    """`report_of(recipe, …)`: the page of a pretended run, read."""
    from objcentric.report.run_report import report_run
    from objcentric.report.trained import Trained

    def make(recipe: Any, **options: Any) -> Page:
        return Page.read(report_run(Trained.of(pretend_run(recipe, **options), material(recipe))))

    return make


@pytest.fixture
def strangers_recipe(tiny_plugin: Path, tmp_path: Path) -> Callable[..., Any]:
    """`strangers_recipe(*overrides)`: no objects, and scenes of which nothing is known."""
    from objcentric.recipe import load
    from objcentric.registry import Registry

    files = [tiny_plugin, *sorted((Path(__file__).parents[1] / "stranger_model").glob("*.py"))]
    text = "name: vae\nscenes: {use: photos}\nmodel: {use: conv_vae, latent: 4}\n"
    path = tmp_path / "vae.yaml"
    path.write_text(text + "training: {epochs: 2, batch_size: 16, device: cpu}\n", encoding="utf-8")
    return lambda *overrides: load(str(path), overrides, Registry.discover(files))
