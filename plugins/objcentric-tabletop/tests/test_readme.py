"""The README says what the code does."""

from pathlib import Path

from objcentric_tabletop import objcentric_components

PROJECT = Path(__file__).parents[1]
TEXT = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_it_prints_what_it_says(capsys):
    snippet = TEXT.split("```python\n")[1].split("```")[0]
    exec(snippet, {})
    assert f"# {capsys.readouterr().out}" == snippet.splitlines(keepends=True)[-1]


def test_it_has_a_row_for_every_component():
    assert TEXT.count("| `tabletop.") == len(objcentric_components())
