"""Plugins that misbehave at import are one line each, and never on standard output."""

import json

import pytest
from typer.testing import CliRunner

from objcentric.registry import Registry
from objcentric.registry.plugin import Plugin
from objcentric.registry.plugin_source import PluginSource

BAD = {
    "raises": "\nraise ValueError('boom\\nand more')",
    "raises anything": "\nclass Odd(BaseException): pass\nraise Odd('boom')",
    "cannot say": "\nclass Odd(Exception):\n def __str__(self): raise Odd\nraise Odd",
    "exits": "\nimport sys\nsys.exit(0)",
    "exits with text": "\nraise SystemExit('bye')",
    "divides": "\n1 / 0",
    "recurses": "\ndef f(): f()\nf()",
    "is no Python": "\nthis is no Python",
    "imports nothing": "\nimport nothing_of_this_name",
    "asserts": "\nassert False",
}


@pytest.fixture
def app(monkeypatch):
    """`app(*words)` runs a command with one more installed plugin, whose code is given."""

    def run(code, *words, tmp_path):
        file = tmp_path / "stranger_module.py"
        file.write_text(code)
        source = PluginSource("stranger", "stranger-dist", "1.0", lambda: load(file))
        from objcentric.registry import registry

        installed = list(registry.installed_sources())
        monkeypatch.setattr(registry, "installed_sources", lambda: iter([*installed, source]))
        from objcentric.cli.main import build_app

        return CliRunner().invoke(build_app(), list(words)), file

    return run


def load(file):
    """Imports a file as an installed plugin is imported."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("stranger_module", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("how", BAD)
def test_a_plugin_that_cannot_be_imported_is_a_line_with_file_and_line(app, tmp_path, how):
    result, file = app(BAD[how], "plugins", "--json", tmp_path=tmp_path)
    assert result.exit_code == 0, result.output
    (row,) = [row for row in json.loads(result.stdout) if row["plugin"] == "stranger"]
    (error,) = row["errors"]
    assert error.startswith("plugin 'stranger' (stranger-dist 1.0): ")
    assert f"{file}:" in error
    assert "\n" not in error


@pytest.mark.parametrize("how", BAD)
def test_a_plugin_file_that_cannot_be_imported_is_a_line_with_file_and_line(tmp_path, how):
    from objcentric.cli.main import build_app

    file = tmp_path / "bad.py"
    file.write_text(BAD[how])
    result = CliRunner().invoke(build_app(), ["plugins", "--plugin", str(file)])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert f"{file}" in line


def test_what_a_plugin_prints_is_not_among_the_results(app, tmp_path):
    code = "print('hello')\nimport objcentric\n"
    code += "@objcentric.hookimpl\ndef objcentric_commands(app): print('hello again')\n"
    code += "@objcentric.hookimpl\ndef objcentric_components(): print('and again'); return []\n"
    result, _ = app(code, "components", "--json", tmp_path=tmp_path)
    assert result.exit_code == 0
    json.loads(result.stdout)


def test_a_plugin_that_takes_long_to_import_is_named(monkeypatch, capfd):
    import time

    monkeypatch.setattr("objcentric.registry.strangers_code.PATIENCE", 0.05)

    def slow():
        time.sleep(0.5)
        raise ImportError("at last")

    plugin = Plugin.load(PluginSource("slow", "slow-dist", "2.0", slow), Registry()._manager)
    assert plugin.error is not None
    assert "plugin 'slow' (slow-dist 2.0) has been importing for 0.05 s" in capfd.readouterr().err


def test_ctrl_c_during_an_import_is_no_broken_plugin():
    def pressed():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Plugin.load(PluginSource("slow", "slow-dist", "2.0", pressed), Registry()._manager)
