"""The folder of a comparison (`ComparisonFolder`); scripts depend on its files."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from objcentric.comparison.comparison import Comparison
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.plan import Plan
from objcentric.comparison.tables import to_markdown
from objcentric.comparison.trial import Trial
from objcentric.files import write_json, write_text
from objcentric.interfaces import Split
from objcentric.pictures.learning_curves import Curve, learning_curves
from objcentric.runs.errors import RunFolderError


class ComparisonFolder:
    """Holds the runs of one plan, in one folder per arm, and their results.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def json_file(self) -> Path:
        """The plan, the table's rows and every run's figures."""
        return self.path / "comparison.json"

    @property
    def csv_file(self) -> Path:
        """Every run's figures, one line per run."""
        return self.path / "comparison.csv"

    @property
    def table_file(self) -> Path:
        """The table, in Markdown."""
        return self.path / "comparison.md"

    @property
    def picture(self) -> Path:
        """The picture of the learning curves."""
        return self.path / "comparison.png"

    def claim(self, plan: Plan) -> None:
        """Writes the plan into the folder, unless it is there already.

        Raises:
            RunFolderError: the folder holds something else.
        """
        if self.json_file.is_file():
            if difference := plan.difference(self._noted()):
                raise RunFolderError(
                    f"{self.path} holds another comparison:{difference}\n"
                    "repeat the command that made it, or choose another folder with --out"
                )
        elif any(not entry.name.startswith(".") for entry in self.path.iterdir()):
            raise RunFolderError(
                f"--out {self.path} is not empty and holds no comparison; choose another folder"
            )
        else:
            write_json(self.json_file, {"command": plan.command, "plan": plan.plain()})
        for arm in plan.arms:
            if arm.recipe is not None:
                file = arm.recipe_file(self.path)
                file.parent.mkdir(exist_ok=True)
                write_text(file, arm.recipe.to_yaml())

    def _noted(self) -> dict[str, Any]:
        """The plan that the folder holds.

        Raises:
            RunFolderError: the file is damaged, or objcentric did not write it.
        """
        try:
            content = json.loads(self.json_file.read_text(encoding="utf-8"))
            plan: dict[str, Any] = content["plan"]
            plan["arms"].keys()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RunFolderError(
                f"{self.json_file} holds no plan of a comparison: it is damaged, or objcentric did "
                "not write it; choose another folder with --out"
            ) from None
        return plan

    def write(self, comparison: Comparison, trials: Sequence[Trial]) -> None:
        """Writes the results so far: JSON, CSV, table and picture."""
        judgement = comparison.plan.judgement
        write_json(self.json_file, comparison.plain())
        write_text(self.csv_file, _csv(comparison.outcomes))
        write_text(self.table_file, to_markdown(comparison))
        learning_curves(
            {
                arm.name: [_curve(trial, judgement) for trial in trials if trial.arm is arm]
                for arm in comparison.plan.arms
                if arm.recipe is not None
            },
            self.picture,
            title=comparison.plan.reference.name,
            metric=judgement.headline,
            mark=judgement.target.goal.threshold if judgement.target else None,
        )


def _csv(outcomes: Sequence[Outcome]) -> str:
    text = io.StringIO()
    rows = [_flat(outcome) for outcome in outcomes]
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _flat(outcome: Outcome) -> dict[str, Any]:
    plain = outcome.plain()
    scenes = plain.pop("scenes_sha256")
    return {**plain, **{f"{split}_scenes_sha256": scenes.get(split) for split in get_args(Split)}}


def _curve(trial: Trial, judgement: Judgement) -> Curve:
    """The headline figure on validation scenes, over images seen."""
    headline = judgement.headline
    if headline is None:
        return []
    evaluated = [line for line in trial.run.metrics() if "validation" in line]
    points = [(line["images"], line["validation"].get(headline.key)) for line in evaluated]
    return [(images, figure) for images, figure in points if figure is not None]
