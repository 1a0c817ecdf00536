"""What came of all trainings of one arm."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from objcentric.comparison.arm import Arm
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.outcome import Outcome


@dataclass(frozen=True)
class ArmFigures:
    """A row of the table.

    Attributes:
        arm: its name.
        refusal: why it was not trained; empty if it was.
        seeds: how many runs there are to be.
        finished: how many have finished.
        failed: how many have failed.
        metric: key of the headline figure, which the next four are about; None if there is none.
        each: the headline figure of each seed on test scenes; None where it has not finished.
        median: of the finished runs.
        worst: likewise, by the metric's direction.
        best: likewise.
        success_rate: runs whose test figure is as good as the goal, among those that have finished
            or failed; None without a goal.
        reached: runs whose validation figure was as good as the goal after some epoch.
        median_seconds_to_goal: of training, among runs that reached it.
        median_images_to_goal: likewise.
        medians: of every figure that is a single number, over the finished runs, by key.
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
            arm: any, refused or not.
            outcomes: of its runs; none if it is refused.
            judgement: what they are judged by.
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
        """As JSON knows it."""
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
