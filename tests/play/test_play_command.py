"""`objcentric play` without Gradio."""

from typer.testing import CliRunner

from objcentric.cli.main import build_app
from objcentric.play import missing


def test_without_gradio_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(missing, "find_spec", lambda name: None)
    result = CliRunner().invoke(build_app(), ["play"])
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "objcentric play needs Gradio: pip install 'objcentric[play]'"
    ]
