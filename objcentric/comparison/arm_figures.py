"""What came of all trainings of one arm."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from objcentric.comparison.arm import Arm
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
        count_accuracies: of each seed's last evaluation, in [0, 1]; None where it has not finished.
        median_count_accuracy: of the finished runs' last evaluations, in [0, 1].
        worst_count_accuracy: likewise.
        best_count_accuracy: likewise.
        success_rate: runs that ended at 98% or above, among those that have finished or failed.
        reached: runs that were at 98% or above after some epoch.
        median_seconds_to_98_percent: of training, among runs that reached it.
        median_images_to_98_percent: likewise.
        median_elbo: nats an image, of the finished runs.
    """

    arm: str
    refusal: str
    seeds: int
    finished: int
    failed: int
    count_accuracies: tuple[float | None, ...]
    median_count_accuracy: float | None
    worst_count_accuracy: float | None
    best_count_accuracy: float | None
    success_rate: float | None
    reached: int
    median_seconds_to_98_percent: float | None
    median_images_to_98_percent: float | None
    median_elbo: float | None

    @classmethod
    def of(cls, arm: Arm, outcomes: Sequence[Outcome]) -> "ArmFigures":
        """The row of an arm.

        Args:
            arm: any, refused or not.
            outcomes: of its runs; none if it is refused.
        """
        finished = [outcome for outcome in outcomes if outcome.status == "finished"]
        failed = [outcome for outcome in outcomes if outcome.status == "failed"]
        ended = len(finished) + len(failed)
        accuracies = _known(finished, "count_accuracy")
        images = _known(finished, "images_to_98_percent")
        seconds = _known(finished, "seconds_to_98_percent")
        elbos = _known(finished, "elbo")
        return cls(
            arm=arm.name,
            refusal=arm.refusal,
            seeds=len(outcomes),
            finished=len(finished),
            failed=len(failed),
            count_accuracies=tuple(
                o.figures["count_accuracy"] if o.status == "finished" else None for o in outcomes
            ),
            median_count_accuracy=median(accuracies) if accuracies else None,
            worst_count_accuracy=min(accuracies, default=None),
            best_count_accuracy=max(accuracies, default=None),
            success_rate=sum(o.counts_well for o in finished) / ended if ended else None,
            reached=len(images),
            median_seconds_to_98_percent=median(seconds) if seconds else None,
            median_images_to_98_percent=median(images) if images else None,
            median_elbo=median(elbos) if elbos else None,
        )

    def plain(self) -> dict[str, Any]:
        """As JSON knows it."""
        return asdict(self)


def _known(outcomes: Sequence[Outcome], figure: str) -> list[float]:
    values = (outcome.figures[figure] for outcome in outcomes)
    return [value for value in values if value is not None]
