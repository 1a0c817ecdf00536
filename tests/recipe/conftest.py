"""A recipe of toy components, which depend on nothing that is installed."""

from pathlib import Path

import pytest

from objcentric.recipe import load
from objcentric.registry import Registry

TOY = """\
name: toy
seed: 1
scenes: toy_scenes
model:
  objects: 2
  what_dim: 3
  glimpse: 4
  glimpser: {use: toy_glimpser}
  encoder: {use: toy_encoder, hidden: [5, 6]}
  decoder: toy_decoder
  scheduler: toy_scheduler
  estimator: {use: toy_estimator, baseline: {use: toy_baseline, lr: 1e-2, width: 7}}
  prior: toy_prior
  compositor: toy_compositor
  likelihood: {use: toy_likelihood, std: 0.5}
"""


@pytest.fixture(scope="package")
def registry():
    return Registry.discover([Path(__file__).parents[1] / "toys" / "toy.py"])


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes recipe files into the current folder; by default the toy recipe, with replacements."""
    monkeypatch.chdir(tmp_path)

    def run(name, text=TOY, **replacements):
        for old, new in replacements.items():
            lines = text.splitlines()
            (index,) = (i for i, line in enumerate(lines) if line.strip().startswith(f"{old}:"))
            indent = lines[index][: len(lines[index]) - len(lines[index].lstrip())]
            lines[index] = f"{indent}{new}" if new else ""
            text = "\n".join(lines) + "\n"
        Path(name).write_text(text)
        return name

    return run


@pytest.fixture
def toy(write, registry):
    """Loads the toy recipe with overrides."""
    write("toy.yaml")
    return lambda *overrides: load("toy.yaml", overrides, registry)
