"""What docs/stability.md calls public is public, and plugins of another interface are refused."""

import importlib
import re
from pathlib import Path

import pytest

import objcentric
from objcentric.registry import PluginError, Registry

PAGE = (Path(__file__).parents[1] / "docs" / "stability.md").read_text(encoding="utf-8")
PUBLIC = re.findall(r"^\| `(objcentric[\w.]*)` \|", PAGE, re.MULTILINE)
FILE = """\
from objcentric.interfaces import Background

objcentric_interface = {version}


class Plain(Background):
    def forward(self, image):
        return 0 * image
"""


@pytest.fixture
def made_for(tmp_path):
    """A plugin file that says for which version of the interface it is made."""

    def write(version):
        path = tmp_path / "mine.py"
        path.write_text(FILE.format(version=version), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_module_has_exactly_the_names_that_it_lists(name):
    module = importlib.import_module(name)
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        assert getattr(module, public) is not None
    own = {n for n, value in vars(module).items() if _is_of(name, value) and n[0] != "_"}
    assert own <= set(module.__all__)


def _is_of(package: str, value: object) -> bool:
    """Whether a class or function is defined in a package."""
    return f"{getattr(value, '__module__', '')}.".startswith(f"{package}.")


def test_the_page_lists_every_package_with_public_names():
    inits = Path(objcentric.__file__).parent.glob("**/__init__.py")
    packages = {
        ".".join(path.parent.relative_to(Path(objcentric.__file__).parents[1]).parts)
        for path in inits
        if "__all__" in path.read_text(encoding="utf-8")
    }
    assert set(PUBLIC) == packages


def test_the_page_knows_the_version_of_the_interface():
    rows = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert rows[-1] == str(objcentric.INTERFACE_VERSION)


def test_a_plugin_of_this_interface_is_used(made_for):
    registry = Registry.discover([made_for(objcentric.INTERFACE_VERSION)])
    assert "mine" in registry.names


@pytest.mark.parametrize(
    ("version", "advice"),
    [
        (objcentric.INTERFACE_VERSION + 1, "upgrade objcentric"),
        (objcentric.INTERFACE_VERSION - 1, "upgrade the plugin"),
        ("'1'", "should be a whole number"),
    ],
)
def test_a_plugin_of_another_interface_is_refused_by_name_with_what_to_do(
    made_for, version, advice
):
    with pytest.raises(PluginError, match=rf"plugin 'mine' .*{advice}"):
        Registry.discover([made_for(version)])
