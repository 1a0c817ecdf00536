"""Training several seeds of a recipe as one model (`train_together`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from rich.console import Console

from objcentric.devices import resolve_device
from objcentric.errors import UnwritableFile
from objcentric.interfaces import Metric, SceneModel, Scenes, Split
from objcentric.interruption import Interruption
from objcentric.randomness import noise_state
from objcentric.recipe.options import TrainingOptions
from objcentric.registry import Registry
from objcentric.registry.blame import blamed
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import TrainingFailed
from objcentric.runs.observers import Observers
from objcentric.runs.run import Run
from objcentric.runs.summary import Status
from objcentric.runs.versions import versions_of
from objcentric.training.account import Account
from objcentric.training.arithmetic import arithmetic
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.epoch_scenes import EpochScenes
from objcentric.training.engines.make_engine import MakeEngine
from objcentric.training.engines.noise_tape import NotStackable
from objcentric.training.engines.stack import Stack
from objcentric.training.guards import exits_fail, mishaps_are_told, unchecked
from objcentric.training.progress_display import ProgressDisplay
from objcentric.training.train import draw_report, make_trainer
from objcentric.training.trainer import Trainer

Summary = dict[str, Any]


def train_together(
    runs: Sequence[Run],
    scenes: Mapping[Split, Scenes],
    registry: Registry,
    console: Console,
    *,
    quiet: bool = False,
) -> list[Summary]:
    """Trains runs that differ by their seed alone, in lockstep.

    Each run has an ordinary folder, and learns what it would learn alone, to rounding. One that
    fails leaves the others alone. Times are those of all runs together.

    Args:
        runs: runs whose folders this process has locked, all of them at the same moment of their
            trainings: at the beginning, or at the same step.
        scenes: scenes for training and evaluation, by split.
        registry: the plugins whose run hooks are called.
        console: where progress is shown, line by line.
        quiet: whether only warnings and notes are shown.

    Returns:
        The summaries, in the order of the runs.

    Raises:
        NotStackable: the runs cannot be trained as one; nothing has been written.
        UnwritableFile: the disk is full, for example; the runs can go on.
        ObjcentricError: a recipe names something that does not exist, or a checkpoint is damaged.
        KeyboardInterrupt: the user asked twice to stop.
    """
    _refuse_unlike(runs)
    exact = arithmetic(runs[0].recipe.training)
    with Interruption() as interruption, unchecked(), exact:
        make = _EagerEngines()
        seats = [_Seat.at(run, scenes, registry, console, quiet, make) for run in runs]
        _refuse_apart(seats)
        with exits_fail(), mishaps_are_told(runs[0]):
            stack = Stack([seat.engine for seat in seats], [seat.noise for seat in seats])
        for seat in seats:
            seat.account.together = len(seats)
        together = _Together(stack, seats)
        together.each(_Seat.start)
        try:
            with exits_fail(), mishaps_are_told(runs[0]):
                together.fit(interruption)
                together.each(_Seat.finish)
        except BaseException as error:
            together.each(partial(_Seat.stop, error=error))
            raise
        return [seat.summary for seat in seats]


@dataclass
class _Seat:
    """A run that is trained with others.

    Attributes:
        account: what its summary is made of.
        trainer: its trainer, of whose engine only the stack runs steps.
        observers: the plugins that follow it.
        noise: states of the random generators at the beginning.
        failed: whether it has failed.
        summary: its latest summary.
    """

    account: Account
    trainer: Trainer
    observers: Observers
    noise: Mapping[str, Any]
    failed: bool = False
    summary: Summary = field(default_factory=dict)

    @classmethod
    def at(
        cls,
        run: Run,
        scenes: Mapping[Split, Scenes],
        registry: Registry,
        console: Console,
        quiet: bool,
        make: MakeEngine,
    ) -> "_Seat":
        """A run at its latest checkpoint, or at its beginning."""
        prefix = f"seed {run.recipe.seed}: "
        display = ProgressDisplay(console, quiet=quiet, prefix=prefix)
        observers = Observers(registry.hook, display.note)
        latest = run.latest_checkpoint()
        checkpoint = None if latest is None else Checkpoint.load(latest)
        account = Account(run, scenes, versions_of(registry), run.recipe.training.device)
        with exits_fail(), mishaps_are_told(run):
            trainer = make_trainer(account, checkpoint, observers, display, make)
        return cls(account, trainer, observers, noise_state(trainer.device))

    @property
    def engine(self) -> EagerEngine:
        assert isinstance(self.trainer.engine, EagerEngine)
        return self.trainer.engine

    def close(self, status: Status, error: str = "") -> None:
        """Writes the summary."""
        self.summary = self.account.close(status, error)

    def start(self) -> None:
        self.close("running")
        self.observers.started(self.trainer.run)
        self.trainer.plan()

    def fail(self, error: TrainingFailed) -> None:
        """Ends this run alone."""
        self.failed = True
        self.trainer.display.note(f"failed: {error}")
        self.close("failed", blamed(error))
        self.observers.finished(self.trainer.run, self.summary)

    def stop(self, error: BaseException) -> None:
        """Ends the run because of something that ends all, unless it has finished."""
        if self.summary["status"] == "finished":
            return
        stopped = isinstance(error, (KeyboardInterrupt, UnwritableFile))
        with suppress(UnwritableFile):  # the disk may be full
            self.close(*(("interrupted",) if stopped else ("failed", blamed(error))))
            self.observers.finished(self.trainer.run, self.summary)

    def finish(self) -> None:
        """Ends the run as far as it has come."""
        self.trainer.checkpoint().save(self.trainer.run.checkpoints)
        whole = self.trainer.state.epoch >= self.trainer.options.epochs
        if whole:  # before it has finished: one that is killed meanwhile draws its report again
            draw_report(self.trainer, self.account.summary("finished"), self.trainer.display)
        self.close("finished" if whole else "interrupted")
        self.observers.finished(self.trainer.run, self.summary)


class _Together:
    """The loop over epochs and steps of all runs.

    Args:
        stack: runs the steps.
        seats: the runs, in the order of the stack's engines.
    """

    def __init__(self, stack: Stack, seats: Sequence[_Seat]) -> None:
        self.stack = stack
        self.seats = seats

    @property
    def going(self) -> list[tuple[int, _Seat]]:
        """The runs that have not failed, with their numbers in the stack."""
        return [(number, seat) for number, seat in enumerate(self.seats) if not seat.failed]

    def each(self, action: Callable[[_Seat], None]) -> None:
        """Does something for each run that has not failed, with the noise of its own."""
        for number, seat in self.going:
            with self.stack.alone(number), _failing_alone(seat):
                action(seat)

    def fit(self, interruption: Interruption) -> None:
        """Trains until all epochs are done, no run is left, or the user asks to stop."""
        while self.going and not interruption.requested:
            first = self.going[0][1].trainer
            if first.state.epoch >= first.options.epochs:
                break
            self._train_epoch(first, interruption)
            self.each(lambda seat: seat.trainer.end_epoch())

    def _train_epoch(self, first: Trainer, interruption: Interruption) -> None:
        """Runs the rest of the current epoch, or less if the user asks to stop."""
        self.each(lambda seat: seat.trainer.begin_epoch())
        self.stack.begin_epoch()
        for number in range(first.state.step, first.steps_per_epoch):
            self.stack.step(number, first.state.images)
            for _, seat in self.going:
                seat.trainer.stepped()
            if interruption.requested:
                break
        self.stack.end_epoch()
        self.each(lambda seat: seat.trainer.end_steps())  # the times of all, before the rest


@contextmanager
def _failing_alone(seat: _Seat) -> Iterator[None]:
    try:
        yield
    except TrainingFailed as error:
        seat.fail(error)


class _EagerEngines:
    """Makes eager engines, which share the training scenes: all seeds see the same ones."""

    def __init__(self) -> None:
        self._scenes: EpochScenes | None = None

    def __call__(
        self,
        model: SceneModel,
        scenes: Scenes,
        metrics: Sequence[Metric],
        options: TrainingOptions,
        rates: Mapping[str, float],
        note: Callable[[str], None],
    ) -> EagerEngine:
        engine = EagerEngine(
            model,
            scenes,
            metrics,
            options,
            rates,
            capturable=resolve_device(options.device).type == "cuda",
            epoch_scenes=self._scenes,
        )
        self._scenes = engine.scenes
        return engine


def _refuse_unlike(runs: Sequence[Run]) -> None:
    """Refuses recipes that differ by more than the seed.

    Raises:
        NotStackable: they do.
    """
    kinds = {replace(run.recipe, seed=0).to_yaml() for run in runs}
    if len(kinds) > 1:
        raise NotStackable("only seeds of the same recipe can be trained as one")


def _refuse_apart(seats: Sequence[_Seat]) -> None:
    """Refuses runs that are at different moments of their trainings.

    Raises:
        NotStackable: they are.
    """
    moments = {(seat.trainer.state.epoch, seat.trainer.state.step) for seat in seats}
    if len(moments) > 1:
        found = ", ".join(
            f"seed {seat.trainer.run.recipe.seed} at epoch {seat.trainer.state.epoch}, step "
            f"{seat.trainer.state.step}"
            for seat in seats
        )
        raise NotStackable(
            f"runs at different moments cannot go on as one ({found}); "
            "`objcentric train --resume RUN` continues each alone"
        )
