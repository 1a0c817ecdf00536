"""Calls the run hooks of plugins and catches their errors (`Observers`)."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from objcentric.runs.run import Run


class Observers:
    """The run hooks of all plugins.

    A hook that raises or calls `sys.exit` is reported, and the other hooks and the training go on.
    Only Ctrl-C passes.

    Args:
        hook: the registry's hooks.
        report: prints a line.
    """

    def __init__(self, hook: pluggy.HookRelay, report: Callable[[str], None]) -> None:
        self.hook = hook
        self.report = report

    def started(self, run: "Run") -> None:
        """Reports that a run is about to train."""
        self._tell("objcentric_run_started", run=run)

    def evaluated(
        self, run: "Run", epoch: int, metrics: dict[str, Any], pictures: dict[str, Path]
    ) -> None:
        """Reports that an epoch was evaluated."""
        self._tell(
            "objcentric_run_evaluated", run=run, epoch=epoch, metrics=metrics, pictures=pictures
        )

    def finished(self, run: "Run", summary: dict[str, Any]) -> None:
        """Reports that a run has finished, failed or been interrupted."""
        self._tell("objcentric_run_finished", run=run, summary=summary)

    def _tell(self, name: str, **arguments: object) -> None:
        for observer in getattr(self.hook, name).get_hookimpls():
            try:
                observer.function(*(arguments[argument] for argument in observer.argnames))
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                reason = _reason(error)
                self.report(
                    f"warning: {name} of {observer.plugin_name} failed, training goes on: {reason}"
                )


def _reason(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"it called sys.exit({error.code!r})"
    return (str(error).strip() or type(error).__name__).splitlines()[0]
