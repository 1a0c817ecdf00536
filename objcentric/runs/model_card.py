"""The Markdown page that describes a trained model to others (`model_card`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from objcentric.recipe.recipe import Recipe


def model_card(recipe: Recipe, summary: Mapping[str, Any]) -> str:
    """The model card of a pack.

    Args:
        recipe: what was trained.
        summary: the content of the run's `summary.json`.
    """
    return "\n".join(_lines(recipe, summary)) + "\n"


def _lines(recipe: Recipe, summary: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {recipe.name}, seed {recipe.seed}\n"
    if recipe.description:
        yield f"{recipe.description}\n"
    yield _sentence(summary) + "\n"
    yield "## Use\n"
    yield "```python\nimport objcentric\n"
    yield 'run = objcentric.load("this-folder")'
    yield "found = run.model.infer(images)  # uint8 or float, NumPy or torch"
    yield "found.counts, found.boxes, found.masks\n```\n"
    yield "```console\nobjcentric infer this-folder photo.jpg\n```\n"
    if files := _plugin_files(summary):
        yield f"It may need plugin files, which are not part of a pack: {', '.join(files)}.\n"
    yield "## Model\n"
    yield from _table(_facts(recipe, summary))
    for split in ("validation", "test"):
        if figures := summary.get(split):
            yield f"## Figures on {split} scenes\n"
            yield from _table({name: _shown(value) for name, value in figures.items()})
    if hashes := summary.get("scenes_sha256"):
        yield "## Data\n"
        yield f"`{recipe.scenes.canonical}`, with the options in `recipe.yaml`."
        yield "SHA-256 of the scenes:\n"
        yield from _table({split: f"`{digest}`" for split, digest in hashes.items()})
    yield "## Files\n"
    yield "`recipe.yaml` trains the model again. `model.safetensors` holds its weights, and nothing"
    yield "that could be executed. `pack.json` holds checksums of these and of `summary.json`."


def _sentence(summary: Mapping[str, Any]) -> str:
    if "verdict" in summary:
        return str(summary["verdict"])
    return (
        f"Trained for {summary.get('epochs', 0)} epochs; the training is {summary.get('status')}."
    )


def _facts(recipe: Recipe, summary: Mapping[str, Any]) -> dict[str, str]:
    versions = summary.get("versions", {})
    parts = ", ".join(dict.fromkeys(f"`{choice.canonical}`" for choice in recipe.model.walk()))
    return {
        "images (C×H×W)": "×".join(map(str, summary.get("image_shape", []))) or "unknown",
        "components": parts,
        "epochs": str(summary.get("epochs", "unknown")),
        "training steps": str(summary.get("steps", "unknown")),
        "objcentric": str(versions.get("objcentric", "unknown")),
        "torch": str(versions.get("torch", "unknown")),
    }


def _plugin_files(summary: Mapping[str, Any]) -> list[str]:
    plugins = summary.get("versions", {}).get("plugins", {})
    return [origin for origin in plugins.values() if origin.endswith(".py")]


def _table(rows: Mapping[str, str]) -> Iterator[str]:
    yield "| | |\n|---|---|"
    yield from (f"| {name} | {value} |" for name, value in rows.items())
    yield ""


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
