"""Runs that differ by their seeds alone (`Group`), and how runs are grouped (`grouped`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from objcentric.interfaces import Metric
from objcentric.report.trained import judged_by
from objcentric.runs.run import Run
from objcentric.runs.settings import changed_settings


@dataclass(frozen=True)
class Member:
    """One run of a group.

    Attributes:
        run: the run; its folder need not exist.
        error: why it failed; empty if it did not.
    """

    run: Run
    error: str = ""

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The content of its `summary.json`; empty if there is none."""
        return self.run.summary()

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of its `metrics.jsonl`."""
        return self.run.metrics()

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics of which it has figures."""
        return judged_by(self.run)

    @property
    def test(self) -> Mapping[str, Any]:
        """Its figures on test scenes; empty until it has finished."""
        return self.summary.get("test") or {}

    @property
    def status(self) -> str:
        """What has become of it."""
        if self.error:
            return "failed"
        return str(self.summary.get("status", "waiting"))


@dataclass(frozen=True)
class Group:
    """Runs that differ by their seeds alone.

    Attributes:
        name: the group's name.
        members: its runs, by seed.
    """

    name: str
    members: tuple[Member, ...]

    @property
    def settings(self) -> dict[str, Any]:
        """The resolved recipe of its runs; that of the first, for the seed."""
        return self.members[0].run.settings()

    def median(self, key: str) -> float | None:
        """The median of a figure on test scenes over the runs that have it."""
        known = [value for m in self.members if isinstance(value := m.test.get(key), (int, float))]
        return median(known) if known else None


def grouped(runs: Sequence[Run]) -> list[Group]:
    """Groups of the runs whose recipes differ by the seed alone, in the order of the first runs.

    A group is named after its recipe; if several are, also after the settings that are its own.
    """
    found: list[list[Run]] = []
    for run in runs:
        for group in found:
            if _alike(group[0], run):
                group.append(run)
                break
        else:
            found.append([run])
    names = _names([group[0] for group in found])
    return [
        Group(name, tuple(Member(run) for run in sorted(group, key=lambda run: run.recipe.seed)))
        for name, group in zip(names, found, strict=True)
    ]


def _alike(one: Run, other: Run) -> bool:
    return {**one.settings(), "seed": 0} == {**other.settings(), "seed": 0}


def _names(runs: Sequence[Run]) -> list[str]:
    """A name for each run, different from the others."""
    names: list[str] = []
    for run in runs:
        name = run.recipe.name
        namesake = next((other for other in runs if other.recipe.name == name), run)
        if namesake is not run:
            changed = changed_settings(
                {**namesake.settings(), "seed": 0}, {**run.settings(), "seed": 0}
            )
            own = ", ".join(f"{_short(key)}={new}" for key, (_, new) in list(changed.items())[:3])
            name = f"{name} ({own or 'longer'})"
        while name in names:
            name += "′"
        names.append(name)
    return names


def _short(key: str) -> str:
    return key.removeprefix("model.").removesuffix(".use")
