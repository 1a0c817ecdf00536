"""Pictures are drawn, of the right things."""

import sys
from dataclasses import replace

import pytest
import torch
from matplotlib.figure import Figure
from told_model import Counted

from objcentric.pictures import style
from objcentric.pictures.attention_windows import attention_windows
from objcentric.pictures.curves import curves
from objcentric.pictures.history import history, telling_epochs
from objcentric.pictures.snapshot import Snapshot
from objcentric.training.run_pictures import picture_due

COLORS = {"sky blue": (86, 180, 233), "orange": (230, 159, 0)}


@pytest.fixture
def snapshot():
    """Two scenes on grey; the first holds what both steps found, the second what the first did."""
    segments = torch.zeros(2, 12, 12, dtype=torch.uint8)
    segments[:, :6], segments[0, 6:9] = 1, 2
    return Snapshot(
        images=torch.full((2, 1, 12, 12), 90, dtype=torch.uint8),
        counts=torch.tensor([2, 0]),
        presence=torch.tensor([[True, True], [True, False]]),
        boxes=torch.tensor([[1.0, 1.0, 5.0, 5.0], [6.0, 6.0, 10.0, 10.0]]).expand(2, 2, 4),
        canvas=torch.zeros(2, 1, 12, 12, dtype=torch.uint8),
        segments=segments,
    )


@pytest.fixture
def segmented(snapshot):
    """The same of a model without windows, in scenes that nobody has counted."""
    return replace(snapshot, boxes=None, counts=None)


def shaded(color):
    return [0.65 * channel + 0.35 * 90 for channel in color]


def count_of(path, color):
    """How many pixels of a picture have a colour; its legend has some of each."""
    import numpy as np
    from matplotlib.image import imread

    pixels = (imread(path)[..., :3] * 255).round().astype(int)
    return int((np.abs(pixels - np.array(color)).max(-1) <= 2).sum())


def test_windows_have_the_colour_of_their_step(snapshot, tmp_path):
    path = attention_windows(snapshot, tmp_path / "windows.png", title="a model")
    first, second = (count_of(path, color) for color in COLORS.values())
    assert first > 1.5 * second > 0  # two windows of the first step, one of the second


def test_without_windows_segments_are_drawn_in_the_colour_of_their_step(segmented, tmp_path):
    """The scene, 90 of 255 grey, shows through by 35%."""
    path = attention_windows(segmented, tmp_path / "segments.png", title="a model")
    first, second = (count_of(path, shaded(color)) for color in COLORS.values())
    assert first > 3 * second > 0  # half of both scenes, and a quarter of one
    assert style.found_title(segmented) == "segments"


def test_counts_are_written_where_they_are_known(snapshot, segmented):
    axes = [Figure().subplots() for _ in range(3)]
    style.write_count(axes[0], snapshot, 0)
    style.write_count(axes[1], snapshot, 1)
    style.write_count(axes[2], segmented, 0)
    assert [each.get_xlabel() for each in axes] == ["2 ✓", "1 ✗", ""]


def test_colour_scenes_are_drawn_in_colour(snapshot, tmp_path):
    red = torch.tensor([200, 10, 10], dtype=torch.uint8)
    colored = {
        "images": red.reshape(1, 3, 1, 1).expand(2, 3, 12, 12),
        "canvas": torch.zeros(2, 3, 12, 12, dtype=torch.uint8),
    }
    path = tmp_path / "windows.png"
    attention_windows(Snapshot(**{**vars(snapshot), **colored}), path, title="")
    assert count_of(path, (200, 10, 10)) > 1000


def test_a_history_shows_the_windows_of_each_epoch(snapshot, tmp_path):
    one = count_of(history({1: snapshot}, tmp_path / "one.png"), COLORS["orange"])
    three = count_of(
        history({1: snapshot, 5: snapshot, 20: snapshot}, tmp_path / "three.png"),
        COLORS["orange"],
    )
    assert three > 2 * one


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Draws the curves of lines of metrics; returns each panel's curves by their label."""
    figures = []
    savefig = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *a, **k: (figures.append(self), savefig(self, *a, **k))
    )

    def draw(lines, **options):
        curves(lines, tmp_path / "curves.png", **options)
        return [
            {line.get_label(): list(line.get_ydata()) for line in axes.lines}
            for axes in figures[-1].axes
        ]

    return draw


TRAIN = {"loss": 4.0, "counted": 0.5, "presence_kl": 1.0, "where_kl": 2.0, "what_kl": None}
LINES = [
    {"epoch": 1, "train": TRAIN},
    {"epoch": 2, "train": TRAIN, "validation": {"counted": 0.6}, "test": {"counted": 0.1}},
]


def test_curves_are_drawn_where_there_are_figures(drawn):
    terms = ["presence_kl", "where_kl", "what_kl", "mask_kl"]
    assert drawn(LINES, headline=Counted(), terms=terms) == [
        {"training": [0.5, 0.5], "validation": [0.6]},
        {"loss (training)": [4.0, 4.0]},
        {"presence_kl": [1.0, 1.0], "where_kl": [2.0, 2.0]},
    ]


def test_without_a_headline_there_is_no_panel_for_it(drawn):
    panels = drawn(LINES, headline=None, terms=[])
    assert panels == [{"loss (training)": [4.0, 4.0]}, {}]


def test_nothing_that_a_person_may_have_set_up_of_matplotlib_is_touched(snapshot, tmp_path):
    attention_windows(snapshot, tmp_path / "windows.png", title="")
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


@pytest.mark.parametrize(
    ("epochs", "telling"),
    [
        ([1, 2, 5, 10, 20, 50], [1, 10, 50]),
        ([1, 2, 5], [1, 2, 5]),
        ([1, 2, 5, 10, 20, 50, 100], [1, 10, 100]),
        ([1, 2], [1, 2]),
        ([3], [3]),
    ],
)
def test_the_telling_epochs_are_the_first_the_middle_and_the_last(epochs, telling):
    assert telling_epochs(epochs) == telling


@pytest.mark.parametrize(
    ("eval_every", "drawn"), [(1, [1, 2, 5, 10, 20, 23]), (4, [4, 8, 12, 20, 23])]
)
def test_pictures_are_drawn_ever_more_rarely_and_at_the_end(eval_every, drawn):
    evaluated = [epoch for epoch in range(1, 24) if epoch % eval_every == 0 or epoch == 23]
    assert [epoch for epoch in evaluated if picture_due(epoch, eval_every, 23)] == drawn
