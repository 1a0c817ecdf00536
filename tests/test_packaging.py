"""One wheel holds the framework and every plugin project, and works when it is installed."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tarfile
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fresh_environment import FreshEnvironment, build_wheel
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML
from source_tree import ROOT, needs_the_code

import objcentric

pytestmark = needs_the_code

LARGEST = 1_000_000
"""Bytes of the wheel: data belongs into downloads."""

_spec = importlib.util.spec_from_file_location("release", ROOT / "tests/regression/release.py")
assert _spec is not None
assert _spec.loader is not None
_release = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_release)
release_problems = _release.problems

PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))


def metadata(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))


def names(wheel: Path) -> set[str]:
    """The files of a wheel, those about the wheel itself left out."""
    return {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}


def sources(folder: Path, *below: str) -> set[str]:
    """The files of packages, relative to `folder`."""
    found = [path for name in below for path in (folder / name).rglob("*") if path.is_file()]
    return {str(p.relative_to(folder)) for p in found if "__pycache__" not in p.parts}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "sdist"]
    subprocess.run([*build, "--directory", str(folder)], cwd=ROOT, check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        # Python 3.11.4 and later refuse what a stranger could have put there; 3.11.2 cannot.
        file.extraction_filter = getattr(tarfile, "data_filter", None)
        file.extractall(folder)
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> FreshEnvironment:
    environment = FreshEnvironment(tmp_path_factory.mktemp("installed"))
    environment.install(wheel)
    return environment


def test_the_wheel_declares_the_entry_points_of_every_plugin_project():
    tables = [metadata(plugin)["project"]["entry-points"]["objcentric"] for plugin in PLUGINS]
    union = {name: module for table in tables for name, module in table.items()}
    assert sum(map(len, tables)) == len(union), "two plugin projects share a name"
    assert metadata(ROOT)["project"]["entry-points"]["objcentric"] == union


def test_everything_has_one_version():
    versions = {metadata(project)["project"]["version"] for project in [ROOT, *PLUGINS]}
    assert versions == {objcentric.__version__}


@pytest.mark.parametrize(
    ("tag", "heading", "versions", "said"),
    [
        ("v0.2.0", "## 0.2.0 (2030-01-31)", {"0.2.0"}, []),
        ("0.2", "## 0.2 (2030-01-31)", {"0.2"}, ["the tag 0.2"]),
        ("v0.2.0", "## 0.2.0 (unreleased)", {"0.2.0"}, ["the changelog"]),
        ("v0.2.0", "## 0.2.0 (2030-01-31)", {"0.2.0", "0.1.0"}, ["the projects"]),
    ],
)
def test_a_tag_is_released_only_if_everything_agrees(tag, heading, versions, said):
    found = release_problems(tag, f"# Changelog\n\n{heading}\n", versions)
    assert [any(part in problem for problem in found) for part in said] == [True] * len(said)
    assert len(found) == len(said)


def test_the_changelog_knows_the_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {objcentric.__version__}" in changelog


def test_who_cites_objcentric_cites_this_version_and_licence():
    with (ROOT / "CITATION.cff").open(encoding="utf-8") as file:
        citation = YAML(typ="safe").load(file)
    project = metadata(ROOT)["project"]
    cited = {"title": "name", "version": "version", "license": "license"}
    for key, ours in cited.items():
        assert citation[key] == project[ours]
    assert {"cff-version", "message", "authors"} <= citation.keys()


def test_an_editable_install_sees_every_plugin_project():
    folders = {f"plugins/{plugin.name}/src" for plugin in PLUGINS}
    assert set(metadata(ROOT)["tool"]["hatch"]["build"]["dev-mode-dirs"]) == {".", *folders}


def test_the_wheel_holds_every_package_and_recipe_and_nothing_else(wheel):
    expected = sources(ROOT, "objcentric")
    for plugin in PLUGINS:
        expected |= sources(plugin / "src", "")
    expected |= {f"objcentric/{recipe}" for recipe in sources(ROOT, "recipes")}
    assert names(wheel) == expected


def test_the_wheel_is_small(wheel):
    assert wheel.stat().st_size < LARGEST


def test_a_wheel_built_from_the_source_distribution_is_the_same(unpacked, wheel, tmp_path):
    ours, theirs = ZipFile(wheel), ZipFile(build_wheel(unpacked, tmp_path))
    assert theirs.namelist() == ours.namelist()
    assert [name for name in ours.namelist() if theirs.read(name) != ours.read(name)] == []


def test_the_source_distribution_brings_the_tests_and_what_they_read(unpacked):
    made = {"_build", "generated"}
    read = {path for path in sources(ROOT, "tests", "docs") if not made & set(Path(path).parts)}
    read |= {str(path.relative_to(ROOT)) for path in ROOT.glob("plugins/*/tests/**/*.py")}
    read |= {"conftest.py", "constraints-dev.txt", "pyproject.toml", "CITATION.cff", "Makefile"}
    read |= {path.name for path in ROOT.glob("*.md")}
    assert read - sources(unpacked, "") == set()


def requirements(project: Path) -> set[str]:
    """What a project requires, objcentric's own projects left out."""
    table = metadata(project)["project"]
    extras = table.get("optional-dependencies", {}).values()
    lines = {line for packages in [table["dependencies"], *extras] for line in packages}
    return {line for line in lines if not Requirement(line).name.startswith("objcentric")}


def test_no_dependency_is_listed_twice():
    project = metadata(ROOT)["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    packages = [canonicalize_name(Requirement(line).name) for lines in lists for line in lines]
    assert sorted(set(packages)) == sorted(packages)


def test_every_dependency_has_a_lower_bound_and_no_upper_one():
    for line in requirements(ROOT):
        assert [part.operator for part in Requirement(line).specifier] == [">="], line


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_a_plugin_project_requires_what_the_wheel_requires(plugin):
    assert requirements(plugin) - requirements(ROOT) == set()


def test_every_import_is_of_a_declared_package():
    brought = {"starlette", "pydantic-core"}  # by gradio and by pydantic, part of what they offer
    testing = {"pytest"}  # objcentric.testing, which who calls it has
    declared = {canonicalize_name(Requirement(line).name) for line in requirements(ROOT)}
    distributions = packages_distributions()
    for file in [*ROOT.glob("objcentric/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]:
        for module in imported(file) - sys.stdlib_module_names:
            if module.split("_")[0] == "objcentric":
                continue
            names = {canonicalize_name(name) for name in distributions.get(module, [module])}
            assert names & (declared | brought | testing), f"{file} imports {module}"


def imported(file: Path) -> set[str]:
    """The packages that a file imports anywhere in it."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def test_code_and_pages_name_the_extras_that_exist():
    code = [*ROOT.glob("objcentric/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]
    pages = [ROOT / "README.md", *ROOT.glob("docs/*.md")]
    extras = metadata(ROOT)["project"]["optional-dependencies"].keys()
    for files in (code, pages):
        texts = "".join(file.read_text(encoding="utf-8") for file in files)
        named = re.findall(r"'objcentric\[(\w+)\]'|needing\(.*\bextra=\"(\w+)\"", texts)
        assert {written or passed for written, passed in named} == extras


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_a_plugin_project_can_be_built_by_itself(plugin, tmp_path):
    assert names(build_wheel(plugin, tmp_path)) == sources(plugin / "src", "")


def test_an_installed_wheel_lists_the_recipes(installed):
    listed = installed.objcentric("ls")
    assert listed.returncode == 0
    found = {line.split()[0] for line in listed.stdout.splitlines()}
    assert found == {path.stem for path in ROOT.glob("recipes/*.yaml")}


def test_the_plugins_of_an_installed_wheel_are_found_in_it_and_healthy(installed):
    rows = json.loads(installed.objcentric("plugins", "--json").stdout)
    unhealthy = {row["plugin"]: row["errors"] for row in rows if not row["healthy"]}
    assert unhealthy == {}
    assert metadata(ROOT)["project"]["entry-points"]["objcentric"].keys() <= {
        row["plugin"] for row in rows if row["distribution"] == "objcentric"
    }
    silent = {row["plugin"] for row in rows if not row["components"]}
    assert silent <= {"wandb", "tensorboard"}  # on the hooks of a run alone
    imported = installed.python("import objcentric_air; print(objcentric_air.__file__)")
    assert Path(imported).is_relative_to(installed.folder), "the checkout was imported instead"
