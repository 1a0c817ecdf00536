"""Calls the run hooks of plugins and catches their errors (`Observers`)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from objcentric.across_ranks import rank

if TYPE_CHECKING:
    from objcentric.pictures.snapshot import Snapshot
    from objcentric.recipe.recipe import Recipe
    from objcentric.runs.run import Run


class Observers:
    """The hooks of all plugins that observe runs and comparisons.

    A hook that raises or calls `sys.exit` is reported once, and the other hooks and the training go
    on. Only Ctrl-C passes. Of several ranks only rank 0 calls hooks.

    Args:
        hook: the registry's hooks.
        report: prints a line.
    """

    def __init__(self, hook: pluggy.HookRelay, report: Callable[[str], None]) -> None:
        self.hook = hook
        self.report = report
        self._reported: set[tuple[str, str]] = set()

    def started(self, run: "Run") -> None:
        """Reports that a run is about to train."""
        self._tell("objcentric_run_started", run=run)

    def evaluated(
        self,
        run: "Run",
        epoch: int,
        metrics: dict[str, Any],
        pictures: dict[str, Path],
        snapshot: "Snapshot | None",
    ) -> None:
        """Reports that an epoch was evaluated."""
        self._tell(
            "objcentric_run_evaluated",
            run=run,
            epoch=epoch,
            metrics=metrics,
            pictures=pictures,
            snapshot=snapshot,
        )

    def finished(self, run: "Run", summary: dict[str, Any]) -> None:
        """Reports that a run has finished, failed or been interrupted."""
        self._tell("objcentric_run_finished", run=run, summary=summary)

    def comparison_started(self, folder: Path, recipes: "list[Recipe]") -> dict[str, str]:
        """Reports that a comparison is about to train; returns variables for its processes."""
        name = "objcentric_comparison_started"
        answers = self._tell(name, _variables, folder=folder, recipes=recipes)
        return {key: value for answer in answers for key, value in answer.items()}

    def _tell(
        self, name: str, read: Callable[[Any], Any] = lambda answer: answer, **arguments: object
    ) -> list[Any]:
        """Calls a hook of every plugin; returns what those that work have answered."""
        answers: list[Any] = []
        for observer in getattr(self.hook, name).get_hookimpls() if rank() == 0 else ():
            try:
                given = (arguments[argument] for argument in observer.argnames)
                answers.append(read(observer.function(*given)))
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                self._warn(name, observer.plugin_name, _reason(error))
        return answers

    def _warn(self, name: str, plugin: str, reason: str) -> None:
        if (name, plugin) not in self._reported:
            self._reported.add((name, plugin))
            self.report(f"warning: {name} of {plugin} failed, training goes on: {reason}")


def _variables(answer: Any) -> dict[str, str]:
    if answer is None:
        return {}
    if not isinstance(answer, Mapping):
        raise TypeError(f"it returned {answer!r}, not environment variables by name")
    return {str(name): str(value) for name, value in answer.items()}


def _reason(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"it called sys.exit({error.code!r})"
    return (str(error).strip() or type(error).__name__).splitlines()[0]
