"""What a training shows while it works."""

import io

import pytest
from rich.console import Console

from objcentric import waiting
from objcentric.training.progress_display import ProgressDisplay
from objcentric.waiting import advanced

LINE = {"epoch": 1, "train": {"loss": 1.0}, "images_per_second": 10.0, "seconds": 1.0}


@pytest.fixture
def shown():
    """`shown(terminal, quiet)` is a display and the text that it writes to."""

    def make(terminal: bool, quiet: bool = False):
        text = io.StringIO()
        console = Console(file=text, force_terminal=terminal, width=100)
        return ProgressDisplay(console, quiet=quiet), text

    return make


def test_a_terminal_shows_what_is_done_between_steps_and_how_far_it_is(shown):
    display, text = shown(terminal=True)
    with display:
        display.advanced(0, 10, 5.0, {})
        with display.doing("evaluating on test scenes"):
            advanced(3, 8)
            display._bar.refresh()
        assert display._bar.tasks[0].description == "epoch 1/0"
    assert "evaluating on test scenes" in text.getvalue()
    assert "3/8" in text.getvalue()


def test_short_work_between_steps_is_no_line_where_there_is_no_terminal(shown):
    display, text = shown(terminal=False)
    with display, display.doing("evaluating on test scenes"):
        advanced(3, 8)
    assert text.getvalue() == ""


def test_quiet_leaves_progress_out_and_keeps_notes(shown, monkeypatch):
    monkeypatch.setattr(waiting, "AFTER", 0.0)
    display, text = shown(terminal=True, quiet=True)
    with display, display.doing("evaluating on test scenes"):
        display.epoch_done(LINE)
        display.note("warning: the run may be stuck")
    assert text.getvalue() == "warning: the run may be stuck\n"
