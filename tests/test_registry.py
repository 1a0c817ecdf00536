"""Plugins are found, named and kept apart, whatever state they are in."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from objcentric import hookspecs
from objcentric.interfaces import Compositor, Likelihood
from objcentric.registry import PluginError, Registry

COMPONENT = """
from objcentric import hookimpl
from objcentric.interfaces import Compositor, Likelihood

class {name}({interface}):
    def forward(self, layers, presence): ...
    def log_prob(self, image, canvas): ...

@hookimpl
def objcentric_components():
    return [{name}]
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution on the path, as an installer would."""

    def run(distribution, version, plugin, code, **modules):
        site = tmp_path / distribution
        info = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        )
        main = f"{distribution.replace('-', '_')}_main"
        (info / "entry_points.txt").write_text(f"[objcentric]\n{plugin} = {main}\n")
        for name, text in {main: code, **modules}.items():
            (site / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(site)
        return site

    yield run
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]


def file(tmp_path, name, code):
    path = tmp_path / name
    path.write_text(code)
    return path


def status(registry, plugin):
    return [s for s in registry.plugins if s.plugin == plugin]


def test_an_installed_component_is_found_by_its_canonical_and_by_its_short_name(install):
    install("dist-a", "1.2", "a", COMPONENT.format(name="StackedLayers", interface="Compositor"))
    registry = Registry.discover()
    for name in ("a.stacked_layers", "stacked_layers"):
        entry = registry.find(Compositor, name)
        assert entry.canonical == "a.stacked_layers"
        assert entry.plugin == "a"
        assert issubclass(entry.load(), Compositor)
    (found,) = status(registry, "a")
    assert (found.distribution, found.version, found.healthy) == ("dist-a", "1.2", True)
    assert found.components == ("a.stacked_layers",)


def test_a_component_given_as_text_is_imported_only_when_it_is_loaded(install):
    hooks = (
        "from objcentric import hookimpl\n@hookimpl\ndef objcentric_components():\n"
        "    return ['lazy_part:LazySum']\n"
    )
    install(
        "dist-lazy",
        "1",
        "lazy",
        hooks,
        lazy_part=COMPONENT.format(name="LazySum", interface="Compositor"),
    )
    registry = Registry.discover()
    assert "lazy_part" not in sys.modules
    assert registry.find(Compositor, "lazy_sum").load().__name__ == "LazySum"


def test_a_plugin_that_cannot_be_imported_is_reported_and_leaves_others_alone(install):
    install("dist-bad", "0.3", "bad", "import there_is_no_such_module")
    install("dist-a", "1", "a", COMPONENT.format(name="GoodSum", interface="Compositor"))
    registry = Registry.discover()
    assert registry.find(Compositor, "good_sum").canonical == "a.good_sum"
    (found,) = status(registry, "bad")
    assert not found.healthy
    assert "there_is_no_such_module" in found.errors[0]
    with pytest.raises(PluginError, match=r"'bad' \(dist-bad 0.3\).*there_is_no_such_module"):
        registry.find(Compositor, "bad.anything")
    with pytest.raises(PluginError, match="broken plugins: bad"):
        registry.find(Compositor, "brought_by_bad")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("@hookimpl\ndef objcentric_components():\n    return 1 / 0", "ZeroDivisionError"),
        ("@hookimpl\ndef objcentric_recipe():\n    return []", "did you mean 'objcentric_recipes'"),
        ("@hookimpl\ndef objcentric_commands(application): ...", "application"),
        ("@hookimpl\ndef objcentric_components():\n    return ['m:A', 'n:A']", "same name: a"),
    ],
)
def test_a_plugin_whose_hooks_are_wrong_is_broken_and_takes_part_in_nothing(install, code, reason):
    install("dist-bad", "1", "bad", f"from objcentric import hookimpl\n{code}\n")
    registry = Registry.discover()
    (found,) = status(registry, "bad")
    assert reason in " ".join(found.errors)
    assert registry.add_commands(typer.Typer()) == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("'no_module:Part'", "No module named 'no_module'"),
        ("'objcentric.interfaces:Part'", "no attribute 'Part'"),
        ("'objcentric.interfaces:Compositor'", "lacks forward"),
        ("'pathlib:Path'", "not a class that implements an interface"),
    ],
)
def test_a_component_that_cannot_be_used_is_an_error_only_where_it_is_named(
    install, target, reason
):
    hooks = "from objcentric import hookimpl\n@hookimpl\ndef objcentric_components():\n"
    install("dist-half", "1", "half", f"{hooks}    return [{target}]\n")
    registry = Registry.discover()
    name = target.strip("'").rpartition(":")[2].lower()
    (found,) = status(registry, "half")
    assert not found.healthy
    assert found.components == ()
    assert not any(e.plugin == "half" for e in registry.components())
    with pytest.raises(PluginError, match=f"half.{name} from dist-half 1 .*{reason}"):
        registry.find(Compositor, f"half.{name}")


def test_two_distributions_with_one_plugin_name_are_both_refused_by_name(install):
    install("dist-one", "1", "twin", COMPONENT.format(name="FirstSum", interface="Compositor"))
    install("dist-two", "2", "twin", COMPONENT.format(name="SecondSum", interface="Compositor"))
    install("dist-a", "1", "a", COMPONENT.format(name="GoodSum", interface="Compositor"))
    registry = Registry.discover()
    assert {s.distribution for s in status(registry, "twin")} == {"dist-one", "dist-two"}
    assert not any(s.healthy for s in status(registry, "twin"))
    assert registry.find(Compositor, "good_sum").plugin == "a"
    for name in ("twin.first_sum", "twin.second_sum"):
        with pytest.raises(PluginError, match="dist-one 1 and dist-two 2 both"):
            registry.find(Compositor, name)
    with pytest.raises(PluginError, match="no compositor 'first_sum'"):
        registry.find(Compositor, "first_sum")


def test_a_short_name_is_refused_where_two_components_of_the_interface_have_it(install):
    install("dist-a", "1", "a", COMPONENT.format(name="SharedName", interface="Compositor"))
    install("dist-b", "1", "b", COMPONENT.format(name="SharedName", interface="Compositor"))
    install("dist-c", "1", "c", COMPONENT.format(name="SharedName", interface="Likelihood"))
    registry = Registry.discover()
    assert registry.find(Likelihood, "shared_name").plugin == "c"
    assert registry.find(Compositor, "b.shared_name").plugin == "b"
    with pytest.raises(PluginError) as error:
        registry.find(Compositor, "shared_name")
    assert "a.shared_name" in str(error.value)
    assert "b.shared_name" in str(error.value)
    assert "c.shared_name" not in str(error.value)


def test_an_unknown_name_is_answered_with_the_nearest_and_with_all_of_the_interface(install):
    install("dist-a", "1", "a", COMPONENT.format(name="StackedLayers", interface="Compositor"))
    install("dist-b", "1", "b", COMPONENT.format(name="StackedNoise", interface="Likelihood"))
    with pytest.raises(PluginError) as error:
        Registry.discover().find(Compositor, "staked_layers")
    assert "no compositor 'staked_layers'; did you mean 'stacked_layers'?" in str(error.value)
    assert "a.stacked_layers" in str(error.value)
    assert "stacked_noise" not in str(error.value)


def test_a_component_of_another_interface_is_refused_as_such(install):
    install("dist-b", "1", "b", COMPONENT.format(name="StackedNoise", interface="Likelihood"))
    with pytest.raises(PluginError, match="'stacked_noise' is no compositor"):
        Registry.discover().find(Compositor, "stacked_noise")


@pytest.mark.parametrize("name", ["pathlib:Path", "pathlib.Path", "a.b.c", "", "."])
def test_a_name_never_leads_to_an_import(name):
    with pytest.raises(PluginError):
        Registry.discover().find(Compositor, name)


def test_a_file_without_hooks_brings_the_components_that_it_defines(tmp_path):
    code = (
        "from objcentric.interfaces import Compositor\n"
        "from objcentric_air.sum import Sum\n"
        "class Mean(Compositor):\n    def forward(self, layers, presence): ...\n"
        "class Unfinished(Compositor):\n    pass\n"
        "Alias = Mean\n"
    )
    registry = Registry.discover([file(tmp_path, "mine.py", code)])
    (found,) = status(registry, "mine")
    assert found.components == ("mine.mean",)
    assert found.distribution == str(tmp_path / "mine.py")
    entry = registry.find(Compositor, "mine.mean")
    assert registry.entry_of(entry.load()) == entry


def test_a_file_with_hooks_brings_what_they_say(tmp_path):
    code = COMPONENT.format(name="Said", interface="Compositor") + "class Unsaid(Said): ...\n"
    (found,) = status(Registry.discover([file(tmp_path, "mine.py", code)]), "mine")
    assert found.components == ("mine.said",)


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("mine.py", "class :\n", "mine.py.*SyntaxError"),
        ("mine.py", "\n\nx = 1 / 0\n", r"mine\.py:3: ZeroDivisionError"),
        ("mine.py", "x = 1\n", "neither a component nor a hook"),
        ("mine.txt", "x = 1\n", "its name must end in .py"),
        ("air.py", "x = 1\n", "rename the file"),
    ],
)
def test_a_file_that_is_no_plugin_is_an_error_at_once(tmp_path, name, code, reason):
    with pytest.raises(PluginError, match=reason):
        Registry.discover([file(tmp_path, name, code)])


def test_a_file_that_is_not_there_is_an_error_at_once(tmp_path):
    with pytest.raises(PluginError, match="there is no plugin file"):
        Registry.discover([tmp_path / "absent.py"])


def test_a_class_that_no_plugin_brings_has_no_entry():
    with pytest.raises(PluginError, match="no plugin brings the component Compositor"):
        Registry.discover().entry_of(Compositor)


def test_recipes_of_plugins_are_found_and_told_apart_by_plugin(install, tmp_path):
    folders = (
        "from pathlib import Path\nfrom objcentric import hookimpl\n@hookimpl\n"
        "def objcentric_recipes():\n    return [Path(__file__).parent / 'recipes']\n"
    )
    for name in ("a", "b"):
        recipes = install(f"dist-{name}", "1", name, folders) / "recipes"
        recipes.mkdir()
        (recipes / "shared-by-two.yaml").touch()
        (recipes / f"only-{name}.yaml").touch()
    recipes = Registry.discover().recipes()
    assert {"only-a", "only-b", "a.shared-by-two", "b.shared-by-two"} <= recipes.keys()
    assert "shared-by-two" not in recipes


def test_run_hooks_reach_a_plugin_with_the_arguments_that_it_wants(tmp_path, monkeypatch):
    monkeypatch.setattr("objcentric.registry.registry.installed_sources", lambda: iter(()))
    code = (
        "from objcentric import hookimpl\nheard = []\n@hookimpl\n"
        "def objcentric_run_evaluated(epoch):\n    heard.append(epoch)\n"
        "@hookimpl\ndef objcentric_run_finished():\n    heard.append('end')\n"
    )
    registry = Registry.discover([file(tmp_path, "ear.py", code)])
    registry.hook.objcentric_run_evaluated(
        run=None, epoch=7, metrics={}, pictures={}, snapshot=None
    )
    registry.hook.objcentric_run_finished(run=None, summary={})
    assert sys.modules["objcentric_file_ear"].heard == [7, "end"]


def test_a_plugin_that_fails_to_add_commands_keeps_none_from_others(install):
    good = (
        "from objcentric import hookimpl\n@hookimpl\ndef objcentric_commands(app):\n"
        "    @app.command()\n    def wave(): ...\n"
    )
    install("dist-good", "1", "good", good)
    install(
        "dist-bad",
        "1",
        "bad",
        "from objcentric import hookimpl\n@hookimpl\ndef objcentric_commands(app):\n    1 / 0\n",
    )
    app = typer.Typer()
    (error,) = Registry.discover().add_commands(app)
    assert "'bad' (dist-bad 1)" in str(error)
    assert [c.callback.__name__ for c in app.registered_commands] == ["wave"]


def test_what_comes_with_objcentric_is_healthy():
    broken = [s for s in Registry.discover().plugins if s.distribution.startswith("objcentric")]
    assert broken
    assert [error for status in broken for error in status.errors] == []


def test_every_hook_says_what_it_is_for():
    hooks = {n: f for n, f in vars(hookspecs).items() if n.startswith("objcentric_")}
    assert len(hooks) == 9
    assert [name for name, function in hooks.items() if not function.__doc__] == []


def test_discovery_imports_no_torch():
    code = (
        "import sys; from objcentric.registry import Registry; Registry.discover().recipes();"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent)
