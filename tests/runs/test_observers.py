"""Observers are told, and cannot do harm."""

import pluggy
import pytest

from objcentric import hookimpl, hookspecs
from objcentric.runs.observers import Observers


class Reliable:
    def __init__(self):
        self.heard = []

    @hookimpl
    def objcentric_run_finished(self, summary):
        self.heard.append(summary["status"])


class Broken:
    @hookimpl
    def objcentric_run_finished(self, run, summary):
        raise RuntimeError("no route to host\nTraceback and all")


class Leaving:
    @hookimpl
    def objcentric_run_finished(self):
        raise SystemExit(0)


class Stopping:
    @hookimpl
    def objcentric_run_finished(self):
        raise KeyboardInterrupt


@pytest.fixture
def manager():
    manager = pluggy.PluginManager("objcentric")
    manager.add_hookspecs(hookspecs)
    return manager


def test_one_that_fails_is_reported_and_the_others_are_told(manager, tiny_recipe, tmp_path):
    from objcentric.runs.run import Run

    first, last = Reliable(), Reliable()
    lines: list[str] = []
    observers = {"first": first, "broken": Broken(), "leaving": Leaving(), "last": last}
    for name, observer in observers.items():
        manager.register(observer, name=name)
    run = Run(tmp_path, tiny_recipe())
    Observers(manager.hook, lines.append).finished(run, {"status": "finished"})
    assert first.heard == last.heard == ["finished"]
    failed = "warning: objcentric_run_finished of {} failed, training goes on: {}"
    assert sorted(lines) == [
        failed.format("broken", "no route to host"),
        failed.format("leaving", "it called sys.exit(0)"),
    ]


class Asked:
    def __init__(self, answer):
        self.answer = answer

    @hookimpl
    def objcentric_comparison_started(self, folder):
        return self.answer


def test_one_that_fails_again_and_again_is_one_warning(manager, tiny_recipe, tmp_path):
    from objcentric.runs.run import Run

    lines: list[str] = []
    manager.register(Broken(), name="broken")
    observers = Observers(manager.hook, lines.append)
    for _ in range(3):
        observers.finished(Run(tmp_path, tiny_recipe()), {"status": "finished"})
    assert len(lines) == 1


def test_variables_for_a_comparison_are_collected_from_all_who_return_some(manager, tmp_path):
    lines: list[str] = []
    answers = {"one": {"A": "1"}, "two": {"B": 2}, "none": None, "odd": ["C"]}
    for name, answer in answers.items():
        manager.register(Asked(answer), name=name)
    assert Observers(manager.hook, lines.append).comparison_started(tmp_path, []) == {
        "A": "1",
        "B": "2",
    }
    (line,) = lines
    assert "odd" in line
    assert "returned ['C'], not environment variables" in line


def test_a_person_who_stops_an_observer_stops_the_run(manager, tiny_recipe, tmp_path):
    from objcentric.runs.run import Run

    manager.register(Stopping())
    with pytest.raises(KeyboardInterrupt):
        Observers(manager.hook, print).finished(Run(tmp_path, tiny_recipe()), {})
