"""Long waits say what they are for."""

import io
import threading

import pytest

from objcentric import waiting as module
from objcentric.waiting import advanced, reporting_to, waiting


class Stream(io.StringIO):
    """A stream that tells when something was written to it."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal
        self.written = threading.Event()

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        done = super().write(text)
        if "Making" in self.getvalue():
            self.written.set()
        return done


def test_a_short_wait_says_nothing():
    stream = Stream(terminal=False)
    with waiting("Making scenes", stream=stream):
        advanced(1, 2)
    assert stream.getvalue() == ""


def test_a_long_wait_is_a_plain_line_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr(module, "AFTER", 0.0)
    stream = Stream(terminal=False)
    with waiting("Making scenes", stream=stream):
        assert stream.written.wait(60)
    assert stream.getvalue() == "Making scenes …\n"


def test_plain_lines_say_how_far_a_wait_is(monkeypatch):
    monkeypatch.setattr(module, "AFTER", 0.0)
    monkeypatch.setattr(module, "AGAIN", -1.0)
    stream = Stream(terminal=False)
    with waiting("Making scenes", stream=stream):
        assert stream.written.wait(60)
        advanced(1000, 2000)
    assert stream.getvalue().splitlines() == ["Making scenes …", "Making scenes … 1,000 of 2,000"]


@pytest.mark.parametrize("known", [True, False])
def test_a_long_wait_is_a_bar_in_a_terminal(monkeypatch, known):
    monkeypatch.setattr(module, "AFTER", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    stream = Stream(terminal=True)
    with waiting("Making scenes", stream=stream):
        if known:
            advanced(3, 8)
        assert stream.written.wait(60)
    assert ("3/8" in stream.getvalue()) == known


def test_a_quiet_wait_says_nothing(monkeypatch):
    monkeypatch.setattr(module, "AFTER", 0.0)
    stream = Stream(terminal=False)
    with waiting("Making scenes", quiet=True, stream=stream):
        assert not stream.written.wait(0.05)
        advanced(1, 2)
    assert stream.getvalue() == ""


def test_an_error_passes_through_a_wait():
    with pytest.raises(ZeroDivisionError), waiting("Making scenes", stream=Stream(terminal=False)):
        _ = 1 / 0


def test_progress_goes_to_the_innermost_listener_and_nowhere_without_one():
    heard = []
    with reporting_to(lambda done, total: heard.append(("outer", done, total))):
        with reporting_to(lambda done, total: heard.append(("inner", done, total))):
            advanced(1, 2)
        advanced(2, 2)
    advanced(3, 3)
    assert heard == [("inner", 1, 2), ("outer", 2, 2)]
