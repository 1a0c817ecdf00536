"""Learning curves of a comparison."""

import pytest
from matplotlib.figure import Figure

from objcentric.pictures.learning_curves import COLORS, learning_curves, median_curve

SLOW, FAST, CUT_SHORT = [(10, 0.3), (20, 0.5)], [(10, 0.7), (20, 0.9)], [(10, 0.6)]


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Draws groups of curves; returns the left panel's lines, the mark at 98% left out."""
    figures = []
    savefig = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *a, **k: (figures.append(self), savefig(self, *a, **k))
    )

    def draw(groups):
        learning_curves(groups, tmp_path / "curves.png", title="tiny")
        lines = figures[-1].axes[0].lines
        return [line for line in lines if len(line.get_xdata()) and line.get_ydata()[0] != 0.98]

    return draw


def test_the_median_is_over_the_runs_that_got_so_far():
    assert median_curve([SLOW, FAST, CUT_SHORT]) == [(10, 0.6), (20, 0.7)]


def test_every_seed_is_drawn_thin_and_the_median_thick_in_one_colour(drawn):
    lines = drawn({"reference": [SLOW, FAST, CUT_SHORT]})
    thin = [line for line in lines if line.get_linewidth() < 1]
    (thick,) = [line for line in lines if line.get_linewidth() > 2]
    assert [list(line.get_ydata()) for line in thin] == [[0.3, 0.5], [0.7, 0.9], [0.6]]
    assert list(thick.get_ydata()) == pytest.approx([0.6, 0.7])
    assert {line.get_color() for line in lines} == {COLORS[0]}


def test_no_two_groups_look_the_same(drawn):
    lines = drawn({str(index): [SLOW] for index in range(2 * len(COLORS))})
    thick = [line for line in lines if line.get_linewidth() > 2]
    assert len({(line.get_color(), line.get_linestyle()) for line in thick}) == len(thick)


def test_a_group_without_a_single_epoch_is_drawn_as_nothing(drawn):
    assert drawn({"reference": [[], []]}) == []
