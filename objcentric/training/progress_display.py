"""Progress of a training on the console (`ProgressDisplay`)."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from objcentric.interfaces import Metric
from objcentric.runs.summary import duration


class ProgressDisplay:
    """One line per epoch and, in a terminal, a bar below them.

    Args:
        console: where to print.
        headline: the metric to show in each line; None for none.
    """

    def __init__(self, console: Console, headline: Metric | None = None) -> None:
        self.console = console
        self.headline = headline
        self._epochs = 0
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[figure]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, rate="", figure="")

    def __enter__(self) -> "ProgressDisplay":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def note(self, line: str) -> None:
        """Prints a line."""
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)

    def planned(self, epochs: int, images: int) -> None:
        """Sets the amount of work.

        Args:
            epochs: passes over the training scenes.
            images: number of images in all epochs together.
        """
        self._epochs = epochs
        self._bar.update(self._task, total=images)

    def advanced(self, epoch: int, images: int, rate: float, figures: Mapping[str, float]) -> None:
        """Updates the bar within an epoch.

        Args:
            epoch: epochs done.
            images: images seen in total.
            rate: images per second.
            figures: mean figures of the epoch so far.
        """
        self._bar.update(
            self._task,
            description=f"epoch {epoch + 1}/{self._epochs}",
            completed=images,
            rate=f"{rate:,.0f} images/s",
            figure=self._headline(figures),
        )

    def epoch_done(self, line: Mapping[str, Any]) -> None:
        """Prints an epoch's figures.

        Args:
            line: the epoch's line of `metrics.jsonl`.
        """
        parts = [
            f"epoch {line['epoch']:>{len(str(self._epochs))}}/{self._epochs}",
            f"loss {line['train']['loss']:.2f}",
            self._headline(line["train"]),
            *(
                f"{split} {self._headline(line[split], name=False)}".rstrip()
                for split in ("validation", "test")
                if self._headline(line.get(split, {}))
            ),
            f"{line['images_per_second']:,.0f} images/s",
            duration(line["seconds"]),
        ]
        self.note("  ".join(part for part in parts if part))

    def _headline(self, figures: Mapping[str, Any], name: bool = True) -> str:
        """The headline figure for display; empty if it is missing."""
        metric = self.headline
        if metric is None or figures.get(metric.key) is None:
            return ""
        shown = metric.show(figures[metric.key])
        return f"{metric.title} {shown}" if name else shown
