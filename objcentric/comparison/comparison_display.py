"""Progress of a comparison on the console (`ComparisonDisplay`)."""

from collections.abc import Mapping, Sequence
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from objcentric.comparison.judgement import Judgement
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.trial import Trial

PARTS = 10
"""Without a terminal, a run prints a line after its first epoch and then this many lines."""


class ComparisonDisplay:
    """In a terminal, a live table of arms and seeds; elsewhere, lines.

    Args:
        console: where to print.
        trials: all trials of the comparison.
        outcomes: their outcomes so far, in the same order.
        judgement: decides which figure is shown, and how.
        quiet: whether only notes and runs that have not finished are shown.
    """

    def __init__(
        self,
        console: Console,
        trials: Sequence[Trial],
        outcomes: Sequence[Outcome],
        judgement: Judgement,
        *,
        quiet: bool = False,
    ) -> None:
        self.console = console
        self.quiet = quiet
        self._has_table = console.is_terminal and not quiet
        self.judgement = judgement
        self.trials = trials
        self._going: dict[str, Text] = {}
        self._ended = {
            trial.name: self._result(outcome)
            for trial, outcome in zip(trials, outcomes, strict=True)
            if trial.is_done()
        }
        self._epochs = {trial.name: 0 for trial in trials}
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> "ComparisonDisplay":
        if self._has_table:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()

    def note(self, line: str) -> None:
        """Prints a line."""
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)

    def ended(self, trial: Trial, outcome: Outcome) -> None:
        """Notes that a run has finished, failed or been interrupted."""
        self._ended[trial.name] = self._result(outcome)
        if self.quiet and outcome.status == "finished":
            return
        why = f": {outcome.error}" if outcome.error else f" {self._ended[trial.name].plain}"
        self.note(f"{trial.name}: {outcome.status}{why}")

    def update(self, running: Sequence[Trial]) -> None:
        """Reads how far the runs are, and shows it.

        Args:
            running: the trials that are running now.
        """
        for trial in running:
            self._look_at(trial)
        if self._has_table:
            self._live.update(self._table(), refresh=True)

    def _look_at(self, trial: Trial) -> None:
        metrics = trial.run.metrics()
        epochs = trial.recipe.training.epochs
        if not metrics:
            self._going[trial.name] = Text("starting", style="dim")
            return
        last = metrics[-1]
        shown = self._shown({**last["train"], **last.get("validation", {})})
        before, epoch = self._epochs[trial.name], last["epoch"]
        self._epochs[trial.name] = epoch
        self._going[trial.name] = Text(f"{epoch}/{epochs} {shown}")
        telling = before == 0 or epoch * PARTS // epochs > before * PARTS // epochs
        if telling and not self.quiet and not self.console.is_terminal:
            self.note(f"{trial.name}: epoch {epoch}/{epochs}, {self._title} {shown}")

    def _table(self) -> Table:
        title = f"{len(self._ended)} of {len(self.trials)} runs have ended"
        table = Table(title=title, title_justify="left")
        table.add_column("arm", overflow="fold")
        seeds = sorted({trial.seed for trial in self.trials})
        for seed in seeds:
            table.add_column(f"seed {seed}", justify="right")
        rows: dict[str, list[Text]] = {}
        for trial in self.trials:
            going = self._going.get(trial.name, Text("·"))
            rows.setdefault(trial.arm.name, []).append(self._ended.get(trial.name, going))
        for arm, cells in rows.items():
            table.add_row(Text(arm), *cells)
        return table

    def _result(self, outcome: Outcome) -> Text:
        if outcome.status != "finished":
            return Text(outcome.status, style="red" if outcome.status == "failed" else "yellow")
        return Text(self._shown(outcome.test), style="bold green")

    @property
    def _title(self) -> str:
        headline = self.judgement.headline
        return headline.title if headline else "figure"

    def _shown(self, figures: Mapping[str, float | None]) -> str:
        headline = self.judgement.headline
        return self.judgement.shown(headline, figures.get(headline.key) if headline else None)
