"""Learning curves of a comparison."""

import pytest
from matplotlib.figure import Figure
from told_model import Brightness, Counted

from objcentric.pictures.learning_curves import COLORS, learning_curves, median_curve


class Share(Counted):
    title = "share"
    bounds = (0.0, 1.0)


UNIT = Share()
SLOW, FAST, CUT_SHORT = [(10, 0.3), (20, 0.5)], [(10, 0.7), (20, 0.9)], [(10, 0.6)]


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Draws groups of curves; returns the panels, or without a mark the left panel's lines."""
    figures = []
    savefig = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *a, **k: (figures.append(self), savefig(self, *a, **k))
    )

    def draw(groups, metric=UNIT, mark=None):
        learning_curves(groups, tmp_path / "curves.png", title="tiny", metric=metric, mark=mark)
        return figures[-1].axes

    return draw


def lines_of(panels):
    return [line for line in panels[0].lines if len(line.get_xdata())]


def test_the_median_is_over_the_runs_that_got_so_far():
    assert median_curve([SLOW, FAST, CUT_SHORT]) == [(10, 0.6), (20, 0.7)]


def test_every_seed_is_drawn_thin_and_the_median_thick_in_one_colour(drawn):
    lines = lines_of(drawn({"reference": [SLOW, FAST, CUT_SHORT]}))
    thin = [line for line in lines if line.get_linewidth() < 1]
    (thick,) = [line for line in lines if line.get_linewidth() > 2]
    assert [list(line.get_ydata()) for line in thin] == [[0.3, 0.5], [0.7, 0.9], [0.6]]
    assert list(thick.get_ydata()) == pytest.approx([0.6, 0.7])
    assert {line.get_color() for line in lines} == {COLORS[0]}


def test_no_two_groups_look_the_same(drawn):
    lines = lines_of(drawn({str(index): [SLOW] for index in range(2 * len(COLORS))}))
    thick = [line for line in lines if line.get_linewidth() > 2]
    assert len({(line.get_color(), line.get_linestyle()) for line in thick}) == len(thick)


def test_a_group_without_a_single_epoch_is_drawn_as_nothing(drawn):
    assert lines_of(drawn({"reference": [[], []]})) == []


def test_a_figure_in_0_to_1_is_drawn_twice_and_enlarged_near_1(drawn):
    panels = drawn({"reference": [SLOW]})
    assert [panel.get_ylim()[0] for panel in panels] == [0.0, 0.9]
    assert panels[0].get_title() == "share on validation scenes"


def test_a_figure_of_another_range_is_drawn_once_as_it_is(drawn):
    (panel,) = drawn({"reference": [[(10, -300.0), (20, -80.0)]]}, Brightness())
    low, high = panel.get_ylim()
    assert low <= -300 < -80 <= high
    assert panel.get_title() == "brightness on validation scenes"


@pytest.mark.parametrize("metric", [UNIT, Brightness()])
def test_the_goal_is_a_dotted_line(drawn, metric):
    for panel in drawn({"reference": [SLOW]}, metric, mark=0.95):
        (dotted,) = [line for line in panel.lines if line.get_linestyle() == ":"]
        assert set(dotted.get_ydata()) == {0.95}


def test_without_a_goal_there_is_no_mark(drawn):
    panels = drawn({"reference": [SLOW]})
    assert not [line for panel in panels for line in panel.lines if line.get_linestyle() == ":"]


def test_without_a_figure_the_picture_says_so(drawn):
    (panel,) = drawn({"reference": [[]]}, None)
    assert panel.get_title() == "no figure to compare"
