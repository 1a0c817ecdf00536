"""A stranger's project, as `objcentric new-plugin` begins it, is complete and passes its tests."""

import importlib
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fresh_environment import FreshEnvironment, build_wheel
from source_tree import ROOT
from typer.testing import CliRunner

from objcentric import interfaces
from objcentric.cli.main import build_app
from objcentric.component import Component, interface_of, snake_case
from objcentric.errors import ObjcentricError
from objcentric.plugin_project.plugin_project import PluginProject
from objcentric.plugin_project.project_names import ProjectNames
from objcentric.plugin_project.samples import SAMPLES, Sample
from objcentric.registry import Registry
from objcentric.testing import Subject, parametrize_with_checks


def built(sample: Sample) -> type[Component]:
    module = importlib.import_module(f"objcentric.plugin_project.components.{sample.name}")
    found: type[Component] = getattr(module, sample.title)
    return found


@pytest.fixture
def new_plugin(tmp_path, monkeypatch):
    """Runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(build_app(), ["new-plugin", *arguments])


def test_there_is_a_sample_of_every_interface():
    exported = [getattr(interfaces, name) for name in interfaces.__all__]
    kinds = [x for x in exported if inspect.isclass(x) and Component in x.__bases__]
    assert sorted(SAMPLES) == sorted(snake_case(kind.__name__) for kind in kinds)
    for name, sample in SAMPLES.items():
        assert snake_case(interface_of(built(sample)).__name__) == name


def test_no_sample_has_the_name_of_a_shipped_component():
    shipped = {entry.name for entry in Registry.discover().components()}
    assert not shipped & {sample.name for sample in SAMPLES.values()}


@parametrize_with_checks([Subject(built(sample)) for sample in SAMPLES.values()])
def test_a_sample_conforms(check):
    check()


@pytest.mark.parametrize(
    ("name", "distribution", "package", "plugin"),
    [
        ("mine", "mine", "mine", "mine"),
        ("objcentric-mine", "objcentric-mine", "objcentric_mine", "mine"),
        ("My.Lab__glimpses", "my-lab-glimpses", "my_lab_glimpses", "my_lab_glimpses"),
    ],
)
def test_names_follow_from_the_project_s(name, distribution, package, plugin):
    assert ProjectNames.of(name) == ProjectNames(distribution, package, plugin)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "cannot be the name"),
        ("../mine", "cannot be the name"),
        ("mine-", "cannot be the name"),
        ("größer", "cannot be the name"),
        ("3d", "objcentric-3d would work"),
        ("class", "objcentric-class would work"),
        ("random", "already the name"),
        ("objcentric", "already the name"),
        ("objcentric-air", "already the name"),
    ],
)
def test_a_name_that_cannot_work_is_refused(name, why):
    with pytest.raises(ObjcentricError, match=why):
        ProjectNames.of(name, taken=["air"])


def test_a_folder_that_exists_is_left_alone(new_plugin, tmp_path):
    (tmp_path / "mine").mkdir()
    refused = new_plugin("mine", "--interface", "compositor")
    assert refused.exit_code == 2
    assert "mine exists already" in refused.stderr
    assert list((tmp_path / "mine").iterdir()) == []
    assert new_plugin("mine", "--interface", "compositor", "--out", "other").exit_code == 0


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ((), "name at least one --interface"),
        (("--interface", "compositer"), "did you mean 'compositor'?"),
    ],
)
def test_without_an_interface_that_exists_nothing_is_written(new_plugin, tmp_path, options, why):
    refused = new_plugin("mine", *options)
    assert refused.exit_code == 2
    assert why in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["aardvark", "objcentric-mine", "zebra"])
@pytest.mark.parametrize("chosen", [["compositor"], list(SAMPLES)], ids=["one", "all"])
def test_the_generated_code_is_tidy(name, chosen, tmp_path):
    PluginProject.of(ProjectNames.of(name), chosen).write(tmp_path / name)
    for command in (["check"], ["format", "--check", "--diff"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "."]
        done = subprocess.run(ruff, cwd=tmp_path / name, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(["compositor"], id="one"),
        pytest.param(list(SAMPLES), id="all", marks=pytest.mark.slow),
    ],
)
def test_a_stranger_starts_builds_installs_and_uses_a_project(chosen, tmp_path):
    environment = FreshEnvironment(tmp_path / "environment")
    environment.install(build_wheel(ROOT, tmp_path))
    options = [part for name in chosen for part in ("--interface", name)]
    assert environment.objcentric("new-plugin", "objcentric-mine", *options).returncode == 0
    project = environment.folder / "objcentric-mine"
    (tmp_path / "wheel").mkdir()
    environment.install(build_wheel(project, tmp_path / "wheel"))

    (row,) = (
        row
        for row in json.loads(environment.objcentric("plugins", "--json").stdout)
        if row["plugin"] == "mine"
    )
    assert row["healthy"]
    assert row["components"] == sorted(f"mine.{SAMPLES[name].name}" for name in chosen)

    command = [environment.bin / "python", "-m", "pytest", "-q", project, "-W", "error"]
    away = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(command, cwd=tmp_path, env=away, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "failed" not in done.stdout


def test_recipes_and_sources_are_package_data(tmp_path):
    written = PluginProject.of(ProjectNames.of("mine"), ["glimpser"]).write(tmp_path / "mine")
    inside = {str(path.relative_to(tmp_path / "mine" / "src" / "mine")) for path in written[-2:]}
    assert inside == {"fixed_window.py", str(Path("recipes") / "mine-fixed-window.yaml")}
