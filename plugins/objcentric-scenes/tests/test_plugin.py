import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import objcentric_scenes
from objcentric.component import interface_of, is_concrete, snake_case
from objcentric.interfaces import SceneSource, SpriteSource

PROJECT = Path(__file__).parents[1]


def test_the_components_are_named_and_implement_their_interfaces():
    found = {}
    for path in objcentric_scenes.objcentric_components():
        module, name = path.split(":")
        component = getattr(importlib.import_module(module), name)
        assert is_concrete(component)
        found[snake_case(name)] = interface_of(component)
    assert found == {
        "multi_mnist": SceneSource,
        "tetrominoes": SceneSource,
        "scattered": SceneSource,
        "crowded": SceneSource,
        "mnist": SpriteSource,
        "bundled": SpriteSource,
    }


def test_naming_the_components_does_not_import_torch():
    code = "import sys, objcentric_scenes as s; s.objcentric_components(); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "numpy", "sklearn", "torchvision"} & set(out.stdout.split())


def test_the_project_declares_its_entry_point():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["objcentric"] == {"scenes": "objcentric_scenes"}


def test_the_readme_prints_what_it_says(capsys):
    snippet = (PROJECT / "README.md").read_text().split("```python\n")[1].split("```")[0]
    exec(snippet, {})
    assert f"# {capsys.readouterr().out}" == snippet.splitlines(keepends=True)[-1]
