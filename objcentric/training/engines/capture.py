"""What holds a step and runs it again (`Capture`)."""

from abc import ABC, abstractmethod
from collections.abc import Callable


class NotCapturable(Exception):
    """A step waits for the device, or cannot be captured for another reason."""


class Capture(ABC):
    """Captures a step: what it does to tensors, without the Python in between."""

    @abstractmethod
    def warm_up(self, step: Callable[[], None], *, strictly: bool) -> None:
        """Runs the step before it is captured.

        Args:
            step: is run once.
            strictly: whether a step that waits for the device is refused.

        Raises:
            NotCapturable: the step waits for the device, and was broken off.
        """

    @abstractmethod
    def capture(self, step: Callable[[], None]) -> Callable[[], None]:
        """Captures the step without running it, and returns what runs it.

        Raises:
            NotCapturable: it cannot be captured. The device may be in a state of no use.
        """
