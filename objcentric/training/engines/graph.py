"""The engine that captures a step once and replays it (`GraphEngine`)."""

from collections.abc import Callable
from typing import final

from jaxtyping import Float, Int
from torch import Tensor

from objcentric.registry.blame import culprit, title
from objcentric.runs.errors import TrainingFailed
from objcentric.training.engines.capture import Capture, NotCapturable
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.engine import Engine
from objcentric.training.epoch_tally import EpochTally
from objcentric.training.first_astray import GoodMoment

WARM_UP = 3
"""Steps before the capture, of this process: what is made at first use has to be there by then."""


@final
class GraphEngine(Engine):
    """Runs an eager engine's step as one launch.

    The first steps are run eagerly. They warm up, and they are steps of the training like any
    others, so that nothing has to be undone. The last of them shows whether the step can be
    captured at all; if it cannot, the training goes on eagerly.

    A captured step reads and writes tensors where they were at the capture. The weights stay there
    whoever loads others. The optimiser's moments may be restored before the first step only.

    Args:
        plain: the eager engine, made with `capturable`, before its first step.
        capture: captures the step.
        note: is told why the training goes on eagerly, should that be so.
    """

    look_every = None

    def __init__(self, plain: EagerEngine, capture: Capture, note: Callable[[str], None]) -> None:
        self.model = plain.model
        self.optimizer = plain.optimizer
        self.device = plain.device
        self._plain = plain
        self._capture = capture
        self._note = note
        self._warm = 0
        self._eagerly = False
        self._replay: Callable[[], None] | None = None
        self._figures: tuple[Tensor, tuple[str, ...]] | None = None

    @property
    def plain(self) -> Engine:
        return self._plain

    @property
    def tally(self) -> EpochTally:
        return self._plain.tally

    @tally.setter
    def tally(self, tally: EpochTally) -> None:
        self._plain.tally = tally

    def begin_epoch(self, epoch: int, order: Int[Tensor, "steps batch"]) -> None:
        self._plain.begin_epoch(epoch, order)

    def batch(
        self, number: int
    ) -> tuple[Int[Tensor, " batch"], Float[Tensor, "batch channels height width"]]:
        return self._plain.batch(number)

    def step(self, number: int, images: int) -> None:
        if self._eagerly:
            self._plain.step(number, images)
            return
        self._plain.place(number, images)
        if self._warm < WARM_UP:
            self._warm_up(number, images)
        else:
            self._replayed()
        self.tally.count(self._plain.batch_size)

    def _warm_up(self, number: int, images: int) -> None:
        """A step that is run, and not captured."""
        self._warm += 1
        last = self._warm == WARM_UP
        before = GoodMoment.now(self._plain, number, images) if last else None
        try:
            self._capture.warm_up(self._plain.run, strictly=last)
        except NotCapturable as error:
            assert before is not None  # only the strict step is refused
            self._note(f"note: steps are run eagerly, without a CUDA graph: {_said(error)}")
            self._eagerly = True
            before.restore(self._plain)
            self._plain.run()
        if last and self.tally.sums is not None:
            self._figures = (self.tally.sums, self.tally.names)

    def _replayed(self) -> None:
        """A step as it was captured, which the first one does.

        Raises:
            TrainingFailed: the step cannot be captured.
        """
        if self._figures is not None:
            self.tally.keep_in(*self._figures)
        if self._replay is None:
            self.optimizer.zero_grad(set_to_none=True)
            try:
                self._replay = self._capture.capture(self._plain.run)
            except NotCapturable as error:
                raise TrainingFailed(
                    f"a training step cannot be captured as a CUDA graph: {_said(error)}; "
                    "training.engine=eager trains without, and a component that waits for the "
                    "device should say `capturable = False`"
                ) from error
        self._replay()


def _said(error: NotCapturable) -> str:
    """What was refused, and in which component."""
    found = culprit(error.__cause__ or error)
    return f"{error} (in {title(type(found[0]))}, {found[1]})" if found else str(error)
