"""The figures of all runs of one arm (`ArmFigures`)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from objcentric.comparison.arm import Arm
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.outcome import Outcome


@dataclass(frozen=True)
class ArmFigures:
    """One arm's row in the table.

    Attributes:
        arm: name of the arm.
        refusal: why the arm was not trained; empty if it was.
        seeds: number of runs planned.
        finished: number of runs that have finished.
        failed: number of runs that have failed.
        metric: key of the headline figure, used in the next four attributes; None if there is none.
        each: headline figure of each seed on test scenes; None for runs that have not finished.
        median: median of the headline figure over finished runs.
        worst: worst headline figure of the finished runs, by the metric's direction.
        best: best headline figure, likewise.
        success_rate: share of runs whose test figure reaches the goal, among those that have
            finished or failed; None without a goal.
        reached: number of runs whose validation figure reached the goal after some epoch.
        median_seconds_to_goal: median training time until the goal, over runs that reached it.
        median_images_to_goal: median number of images until the goal, likewise.
        medians: median of every single-number figure over the finished runs, by key.
    """

    arm: str
    refusal: str
    seeds: int
    finished: int
    failed: int
    metric: str | None
    each: tuple[float | None, ...]
    median: float | None
    worst: float | None
    best: float | None
    success_rate: float | None
    reached: int
    median_seconds_to_goal: float | None
    median_images_to_goal: float | None
    medians: Mapping[str, float | None]

    @classmethod
    def of(cls, arm: Arm, outcomes: Sequence[Outcome], judgement: Judgement) -> "ArmFigures":
        """The row of an arm.

        Args:
            arm: an arm, refused or not.
            outcomes: the outcomes of its runs; empty if it is refused.
            judgement: the metrics and the goal.
        """
        finished = [outcome for outcome in outcomes if outcome.status == "finished"]
        failed = sum(outcome.status == "failed" for outcome in outcomes)
        headline = judgement.headline
        key = headline.key if headline else None
        values = [o.test[key] for o in finished] if key else []
        known = sorted(value for value in values if value is not None)
        if headline is not None and headline.better == "lower":
            known.reverse()
        images, seconds = (_known(finished, f"{unit}_to_goal") for unit in ("images", "seconds"))
        return cls(
            arm=arm.name,
            refusal=arm.refusal,
            seeds=len(outcomes),
            finished=len(finished),
            failed=failed,
            metric=key,
            each=tuple(o.test.get(key) if key else None for o in outcomes),
            median=_median(known),
            worst=known[0] if known else None,
            best=known[-1] if known else None,
            success_rate=_success_rate(judgement, finished, failed),
            reached=len(images),
            median_seconds_to_goal=_median(seconds),
            median_images_to_goal=_median(images),
            medians={
                metric.key: _median([v for o in finished if (v := o.test[metric.key]) is not None])
                for metric in judgement.ranked
            },
        )

    def plain(self) -> dict[str, Any]:
        """The row in JSON's own types."""
        return asdict(self)


def _known(outcomes: Sequence[Outcome], figure: str) -> list[float]:
    values = (outcome.figures[figure] for outcome in outcomes)
    return [value for value in values if value is not None]


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _success_rate(judgement: Judgement, finished: Sequence[Outcome], failed: int) -> float | None:
    target = judgement.target
    if target is None or not (len(finished) + failed):
        return None
    return sum(target.reached_by(o.test) for o in finished) / (len(finished) + failed)
