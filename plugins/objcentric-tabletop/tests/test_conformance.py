"""The plugin's components pass the checks, also with the sizes of the shipped recipe."""

from objcentric.scene import RequestedScene
from objcentric.testing import Subject, parametrize_with_checks
from objcentric_tabletop.table_window import TableWindow
from objcentric_tabletop.tabletop import Tabletop

SCENE = RequestedScene((3, 24, 30), objects=2, what_dim=8, glimpse=8).settled(
    TableWindow.where_spec
)


@parametrize_with_checks([Subject(Tabletop, scene=SCENE), Subject(TableWindow, scene=SCENE)])
def test_components_conform_in_colour(check):
    check()
