"""What was run, and what came of it, in words (`outcome`, `what_was_run`, `parts_of`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from objcentric.evaluation.signs import SIGNS
from objcentric.recipe.recipe import Recipe
from objcentric.report.trained import Trained
from objcentric.runs.summary import duration


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        sentence: the result in one sentence.
        is_good: whether the goal was reached on test scenes; None without a goal or test figures.
        warnings: what a reader has to know before believing the figures.
    """

    sentence: str
    is_good: bool | None
    warnings: tuple[str, ...]


def outcome(trained: Trained, summary: Mapping[str, Any]) -> Outcome:
    """What came of a run.

    Args:
        trained: the run.
        summary: the content of its `summary.json`; may be empty.
    """
    target, test = trained.target, summary.get("test") or {}
    judged = target is not None and target.metric.key in test
    warnings = [_sign(each) for each in summary.get("stuck", ())]
    if trained.missing:
        warnings.append(
            f"The model could not be shown, only what the run folder holds: {trained.missing}"
        )
    return Outcome(
        _sentence(trained, summary),
        target.reached_by(test) if target is not None and judged else None,
        tuple(warnings),
    )


def what_was_run(trained: Trained, summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Facts about a run as (what, fact), as far as they are known."""
    recipe = trained.run.recipe
    scenes = recipe.scenes.plain()
    sizes = {} if trained.material is None else _sizes(trained)
    seconds, rate = summary.get("train_seconds"), summary.get("images_per_second")
    facts = {
        "recipe": recipe.name,
        "seed": f"{recipe.seed}",
        "scenes": options(scenes),
        **sizes,
        "epochs": f"{summary.get('epochs', 0):,} of {recipe.training.epochs:,}",
        "images seen": f"{summary['images']:,}" if summary.get("images") else "",
        "training": duration(seconds) if seconds else "",
        "speed": f"{rate:,.0f} images per second" if rate else "",
        "device": str(summary.get("device", "")),
    }
    return [(what, fact) for what, fact in facts.items() if fact]


def parts_of(recipe: Recipe) -> list[tuple[str, str]]:
    """The parts of a recipe's model as (place, component with its options)."""
    section = recipe.model.plain()
    if "use" in section:
        return [("model", options(section))]
    return [
        (place.replace("_", " "), "none" if part is None else options(part))
        for place, part in section.items()
    ]


def options(part: Any) -> str:
    """A component, or another part of a recipe, on one line."""
    if not isinstance(part, Mapping):
        return str(part)
    name = str(part.get("use", "")).rpartition(".")[2]
    others = ", ".join(f"{key} {_short(value)}" for key, value in part.items() if key != "use")
    return " · ".join(filter(None, (name, others)))


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"({options(value)})"
    return "none" if value is None else str(value)


def _sizes(trained: Trained) -> dict[str, str]:
    assert trained.material is not None
    channels, height, width = trained.material.scenes.images.shape[1:]
    colors = {1: "gray", 3: "in colour"}.get(channels, f"{channels} channels")
    weights = sum(weight.numel() for weight in trained.material.model.parameters())
    return {"images": f"{width} × {height} pixels, {colors}", "weights": f"{weights:,}"}


def _sentence(trained: Trained, summary: Mapping[str, Any]) -> str:
    if verdict := summary.get("verdict"):
        return str(verdict)
    epochs = f"{summary.get('epochs', 0):,} of {trained.run.recipe.training.epochs:,} epochs"
    status = summary.get("status")
    if status == "failed":
        return f"Failed after {epochs}: {summary.get('error', 'no reason was recorded')}."
    said = "Interrupted" if status == "interrupted" else "Not finished"
    metric, figures = trained.headline, summary.get("validation") or {}
    if metric is None or figures.get(metric.key) is None:
        return f"{said} after {epochs}."
    shown = metric.show(figures[metric.key])
    return f"{said} after {epochs}; {metric.title} {shown} on validation scenes so far."


def _sign(stuck: Mapping[str, Any]) -> str:
    """A sign of a stuck run, as in `summary.json`, in words."""
    sign = next((each for each in SIGNS if each.name == stuck.get("sign")), None)
    if sign is None:
        return f"The run may be stuck: {stuck.get('sign')}."
    seen = sign.meaning.format(figure=sign.show(stuck.get("figure")))
    return f"The run may have been stuck at epoch {stuck.get('epoch')}: {seen}."
