"""The folder of a comparison (`ComparisonFolder`); scripts depend on its files."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from objcentric.comparison.comparison import Comparison
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.plan import Plan
from objcentric.comparison.stored_comparison import stored_plan
from objcentric.comparison.tables import to_markdown
from objcentric.comparison.trial import Trial
from objcentric.errors import DamagedFile
from objcentric.files import make_folder, read_content, write_json, write_text
from objcentric.interfaces import Split
from objcentric.pictures.learning_curves import Curve, learning_curves
from objcentric.runs.checkpoint import LARGEST_RECIPE
from objcentric.runs.errors import RunFolderError
from objcentric.runs.unfinished import remove_unfinished


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

    def has_arms(self) -> bool:
        """Whether any folder in it is that of an arm."""
        return any(path.is_file() for path in self.path.glob("*/arm.yaml"))

    def claim(self, plan: Plan) -> None:
        """Writes the plan into the folder, unless it is there already.

        Raises:
            RunFolderError: the folder holds something else.
        """
        if os.path.lexists(self.json_file):
            if difference := plan.difference(self._noted()):
                raise RunFolderError(
                    f"{self.path} holds another comparison:{difference}\n"
                    "repeat the command that made it, or choose another folder with --out"
                )
        elif self._holds_anything_but(plan):
            raise RunFolderError(
                f"--out {self.path} is not empty and holds no comparison; choose another folder"
            )
        else:
            write_json(self.json_file, {"command": plan.command, "plan": plan.plain()})
        self._tidy(plan)
        for arm in plan.arms:
            if arm.recipe is not None:
                file = arm.recipe_file(self.path)
                make_folder(file.parent)
                write_text(file, arm.recipe.to_yaml())

    def _tidy(self, plan: Plan) -> None:
        """Removes files that killed processes have left half-written."""
        own = (self.json_file, self.csv_file, self.table_file, self.picture)
        arms = [arm.recipe_file(self.path) for arm in plan.arms if arm.recipe is not None]
        remove_unfinished((*own, self.path / "report.html", *arms))

    def _holds_anything_but(self, plan: Plan) -> bool:
        """Whether the folder holds something else than the arms of a plan and what is made of them.

        Its plan may be lost: then the recipes of its arms say whether they are those of this one.
        """
        ours = {self.csv_file.name, self.table_file.name, self.picture.name, "report.html"}
        arms = {arm.folder: arm for arm in plan.arms if arm.recipe is not None}
        for entry in self.path.iterdir():
            if entry.name.startswith(".") or entry.name in ours:
                continue
            arm = arms.get(entry.name)
            if arm is None or arm.recipe is None:
                return True
            file = arm.recipe_file(self.path)
            if not file.is_file() or read_content(file, LARGEST_RECIPE) != (
                arm.recipe.to_yaml().encode()
            ):
                return True
        return False

    def _noted(self) -> dict[str, Any]:
        """The plan that the folder holds.

        Raises:
            DamagedFile: the file is damaged, or objcentric did not write it.
        """
        try:
            return stored_plan(self.json_file)
        except DamagedFile as error:
            raise DamagedFile(
                f"{error}; remove it and the same command makes it again from the runs, which stay "
                "as they are; or choose another folder with --out"
            ) from error

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
