"""What a person sees of a training while it runs."""

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from objcentric.runs.summary import duration


class ProgressDisplay:
    """A line an epoch and, in a terminal, a bar below them.

    Args:
        console: where to print.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self._epochs = 0
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[counting]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, rate="", counting="")

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
        """Says how much there is to do.

        Args:
            epochs: passes over the training scenes.
            images: in all of them.
        """
        self._epochs = epochs
        self._bar.update(self._task, total=images)

    def advanced(self, epoch: int, images: int, rate: float, count_accuracy: float) -> None:
        """Shows a moment within an epoch.

        Args:
            epoch: epochs done.
            images: seen in all.
            rate: images a second.
            count_accuracy: of the epoch so far, in [0, 1].
        """
        self._bar.update(
            self._task,
            description=f"epoch {epoch + 1}/{self._epochs}",
            completed=images,
            rate=f"{rate:,.0f} images/s",
            counting=f"counts {count_accuracy:.1%}",
        )

    def epoch_done(self, line: dict[str, Any]) -> None:
        """Prints an epoch's figures.

        Args:
            line: of `metrics.jsonl`.
        """
        train = line["train"]
        text = (
            f"epoch {line['epoch']:>{len(str(self._epochs))}}/{self._epochs}  "
            f"loss {train['loss']:.2f}  counts {train['count_accuracy']:.1%}"
        )
        if "test" in line:
            text += f"  test {line['test']['count_accuracy']:.1%}"
        rate, seconds = line["images_per_second"], duration(line["seconds"])
        self.note(f"{text}  {rate:,.0f} images/s  {seconds}")
