"""`objcentric components`."""

import json

import pytest
from typer.testing import CliRunner

from objcentric.cli.main import build_app
from objcentric.registry import Registry


@pytest.fixture
def run():
    app = build_app()
    return lambda *words: CliRunner().invoke(app, ["components", *words])


def test_every_component_that_works_is_listed_under_its_interface(run):
    listed = json.loads(run("--json").stdout)
    assert [each["name"] for each in listed] == [
        e.canonical for e in Registry.discover().components()
    ]
    kinds = {each["name"]: each["interface"] for each in listed}
    assert kinds["air.spatial_transformer"] == "glimpser"
    assert kinds["metrics.fg_ari"] == "metric"


def test_each_has_a_line_that_says_what_it_is(run):
    for each in json.loads(run("--json").stdout):
        assert len(each["summary"]) > 15, each["name"]


def test_one_interface_is_shown_with_options_needs_offers_and_paper(run):
    shown = run("compositor").stdout
    assert "composition.over" in shown
    assert "needs: alpha" in shown
    assert "offers: alpha compositing" in shown
    assert "background: background = learnt_background" in shown
    assert "air.reinforce" not in shown
    assert "arXiv:2006.15055" in run("scheduler").stdout


def test_options_have_types_and_defaults(run):
    (gaussian,) = (
        each
        for each in json.loads(run("likelihood", "--json").stdout)
        if each["name"] == "air.gaussian"
    )
    assert gaussian["options"] == [{"name": "std", "type": "float", "default": "0.6"}]


def test_an_interface_may_be_written_as_people_write_it(run):
    assert run("GradientEstimator").stdout == run("gradient-estimator").stdout
    assert run("GradientEstimator").exit_code == 0


def test_an_unknown_interface_is_a_mistake_with_a_suggestion(run):
    result = run("schedular")
    assert result.exit_code == 2
    assert "did you mean 'scheduler'?" in result.output
