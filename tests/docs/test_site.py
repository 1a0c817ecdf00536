"""The parts of the site, from configuration to tutorial, and a build of all of it."""

import re
import runpy
import subprocess
import sys
from importlib.util import find_spec

import pytest
from contents import CONTENTS, listed
from docstring import Docstring
from outside_links import inside
from pages import DOCS, ROOT
from plain_docstrings import as_rst
from ruamel.yaml import YAML

TUTORIAL = ROOT / "docs" / "tutorial.md"
CELL = re.compile(r"^```\{code-cell\} python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FAST = {
    "training.epochs=4": "training.epochs=1",
    "training.epochs=3": "training.epochs=1",
    "scenes.train=4000": "scenes.train=128",
    "scenes.train=1000": "scenes.train=64",
    "scenes.validation=400": "scenes.validation=32",
    "scenes.test=400": "scenes.test=32",
}


def test_the_configuration_can_be_read_and_names_our_extensions():
    settings = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    ours = {file.stem for file in (ROOT / "docs" / "_ext").glob("*.py")}
    named = {name for name in settings["extensions"] if name in ours}
    assert {"contents", "generated_pages", "outside_links", "plain_docstrings"} == named


def test_the_host_builds_with_the_configuration_and_every_warning_is_an_error():
    with (ROOT / ".readthedocs.yaml").open(encoding="utf-8") as file:
        host = YAML(typ="safe").load(file)
    assert (ROOT / host["sphinx"]["configuration"]).is_file()
    assert host["sphinx"]["fail_on_warning"] is True
    assert any("--group docs" in line for line in host["build"]["jobs"]["install"])


def test_every_page_is_in_the_contents_once():
    names = {page.relative_to(ROOT / "docs").with_suffix("").as_posix() for page in DOCS}
    shown = [page for pages in listed(names).values() for page in pages]
    top = {name for name in names if "/" not in name} - {"index"}
    assert sorted(set(shown)) == sorted(shown)
    assert top <= set(shown)


def test_a_page_that_nobody_has_listed_goes_to_the_end():
    assert listed({"index", "faq", "new-page"}) == {"Start": ["faq"], "More": ["new-page"]}


def test_the_contents_name_no_page_that_is_lost(generated):
    names = {page.relative_to(ROOT / "docs").with_suffix("").as_posix() for page in DOCS}
    there = names | {f"generated/{name}" for name in generated}
    assert [p for pages in CONTENTS.values() for p in pages if p not in there] == []


def test_links_out_of_the_docs_lead_to_pages_or_become_words():
    text = "[a](../CONTRIBUTING.md), [b](../recipes/scattered.yaml), [c](../x.py), [d](faq.md#e)"
    assert inside(text, "docs") == (
        "[a](generated/contributing.md), [b](generated/recipes/scattered.md), c, [d](faq.md#e)"
    )


def test_links_of_a_page_that_is_shown_elsewhere_still_lead_to_their_pages():
    assert inside("[a](docs/faq.md#b)", ".", "docs/generated") == "[a](../faq.md#b)"


def test_an_indented_block_of_a_docstring_becomes_code():
    lines = ["Adds |x| up:", "", "    a = f(*b)", "", "A `list` of `Part`s."]
    expected = ["Adds \\|x\\| up:", "", "::", "", "    a = f(*b)", "", "A `list` of `Part`\\ s."]
    assert as_rst(lines) == expected


def test_the_arguments_of_a_docstring_are_found_over_several_lines():
    def documented() -> None:
        """Does something.

        Args:
            first: one thing,
                and another.
            second: none.

        Raises:
            ValueError: never.
        """

    found = Docstring.of(documented)
    assert found.body == "Does something."
    assert found.meaning("first") == "one thing, and another."
    assert found.items["Raises"] == {"ValueError": "never."}


def test_the_tutorial_runs_from_top_to_bottom():
    cells = CELL.findall(TUTORIAL.read_text(encoding="utf-8"))
    assert len(cells) >= 8
    source = "\n".join(cells)
    for slow, fast in FAST.items():
        assert source.count(slow) == 1
        source = source.replace(slow, fast)
    exec(compile(source, "docs/tutorial.md", "exec"), namespace := {})
    assert namespace["mine"].summary["status"] == "finished"


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path):
    missing = [name for name in ("sphinx", "myst_nb", "furo") if find_spec(name) is None]
    if missing:
        pytest.skip(f"needs the dependency group docs: {', '.join(missing)} is not installed")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    built = subprocess.run(
        [*command, str(ROOT / "docs"), str(tmp_path / "html")], capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "html" / "generated" / "api" / "objcentric.interfaces.html").is_file()
