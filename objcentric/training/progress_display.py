"""Progress of a training on the console (`ProgressDisplay`)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from objcentric.interfaces import Metric
from objcentric.runs.summary import duration
from objcentric.waiting import reporting_to, waiting


class ProgressDisplay:
    """One line per epoch and, in a terminal, a bar below them.

    Args:
        console: where to print.
        headline: the metric to show in each line; None for none.
        quiet: whether only notes are printed, no progress.
        prefix: is printed before each line, where several runs share a console.
    """

    def __init__(
        self,
        console: Console,
        headline: Metric | None = None,
        *,
        quiet: bool = False,
        prefix: str = "",
    ) -> None:
        self.console = console
        self.headline = headline
        self.quiet = quiet
        self.prefix = prefix
        self._has_bar = console.is_terminal and not quiet and not prefix
        self._epochs = 0
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[figure]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not self._has_bar,
            transient=True,
        )
        self._task = self._bar.add_task("Beginning", total=None, rate="", figure="")

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
        text = f"{self.prefix}{line}"
        self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Says what the training does between its steps.

        Args:
            what: what is done, for example `evaluating`.
        """
        if not self._has_bar:
            with waiting(what.capitalize(), quiet=self.quiet, stream=self.console.file):
                yield
            return

        def report(done: int, total: int) -> None:
            self._bar.update(self._task, figure=f"{done:,}/{total:,}")

        task = self._bar.tasks[0]
        before = {"description": task.description, **task.fields}
        self._bar.update(self._task, description=what, rate="", figure="")
        try:
            with reporting_to(report):
                yield
        finally:
            self._bar.update(self._task, **before)

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
        if self.quiet:
            return
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
