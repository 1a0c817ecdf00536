"""The report of one run."""

import re
import shutil
from dataclasses import replace

import pytest
import torch

from objcentric.errors import ObjcentricError
from objcentric.recipe import load
from objcentric.report.run_report import FILE, report_run
from objcentric.report.trained import Trained
from objcentric.runs.run import Run

EVERY_SECTION = ["run", "scenes", "training", "curves", "figures", "mistakes"]
EVERY_SECTION += ["samples", "slots", "recipe", "repeat"]


@pytest.fixture
def found_everywhere(monkeypatch):
    """The tiny model, untrained, may find nothing; here it finds a first object in every scene."""
    from objcentric.presence import OrderedPresence

    first = OrderedPresence.mode.fget
    monkeypatch.setattr(
        OrderedPresence,
        "mode",
        property(lambda self: first(self).index_fill(-1, torch.tensor([0]), 1.0)),
    )


def test_a_model_that_can_do_all_gets_every_section(report_of, tiny_recipe, found_everywhere):
    page = report_of(tiny_recipe())
    assert page.sections == EVERY_SECTION
    assert "step 1 of 2" in str(page.tags)
    assert "Not trained" not in page.text
    assert "count accuracy" in page.text
    assert "Share of scenes in which the model finds the right number of objects." in page.text


def test_a_link_leads_to_every_section_and_nowhere_else(report_of, tiny_recipe, strangers_recipe):
    for number, recipe in enumerate([tiny_recipe(), strangers_recipe()]):
        page = report_of(recipe, name=str(number))
        targets = [a["href"] for a in page.all("a") if a["href"].startswith("#")]
        assert targets == [f"#{section}" for section in page.sections]


def test_a_model_without_objects_on_unknown_scenes_gets_what_it_can_have(
    report_of, strangers_recipe
):
    page = report_of(strangers_recipe())
    assert page.sections == [s for s in EVERY_SECTION if s != "slots"]
    assert not [svg for svg in page.all("svg") if svg.get("role") == "group"]  # no windows
    assert not [table for table in page.all("table") if table.get("class") == "matrix"]
    for absent in ("not used", " found", "order of inference", "there"):
        assert absent not in "".join(page.text.partition("What was run")[1:]).partition("Recipe")[0]


def test_a_model_without_a_prior_gets_no_samples(report_of, strangers_recipe, monkeypatch):
    recipe = strangers_recipe()
    kind = type(recipe.build_model((1, 12, 12)))
    monkeypatch.setattr(kind, "abilities", frozenset({"density"}))
    assert "samples" not in report_of(recipe).sections


def test_nothing_is_fetched(report_of, tiny_recipe):
    page = report_of(tiny_recipe())
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv"))
    assert policy.startswith("default-src 'none'; img-src data:;")
    addresses = [a[key] for _, a in page.tags for key in ("src", "href") if a.get(key)]
    assert len(addresses) > 20
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert not re.search(r"url\(|@import|https?://", page.text)


def test_every_picture_has_a_text(report_of, tiny_recipe):
    page = report_of(tiny_recipe())
    pictures = page.all("img")
    assert all("alt" in picture for picture in pictures)
    silent = [picture for picture in pictures if not picture["alt"]]
    assert all(picture["class"] == "over" for picture in silent)  # the scene below it has one
    charts = [svg for svg in page.all("svg") if svg.get("role") == "img"]
    assert charts
    assert all("over epoch. " in svg["aria-label"] for svg in charts)


def test_what_others_write_is_text_and_no_markup(report_of, tiny_recipe):
    evil = "<script>alert(1)</script>\"'><img src=x>"
    recipe = replace(tiny_recipe(), name=evil, description=evil)
    stuck = [{"sign": evil, "epoch": 3, "figure": 1.0}]
    page = report_of(recipe, verdict=evil, device=evil, stuck=stuck, versions={evil: evil})
    assert len(page.all("script")) == 1  # ours
    assert not any(picture["src"] == "x" for picture in page.all("img"))
    assert page.text.count(evil) >= 6


def test_a_run_without_snapshots_has_no_history_but_shows_its_model(
    pretend_run, material, tiny_recipe, read
):
    run = pretend_run(tiny_recipe())
    shutil.rmtree(run.pictures)
    page = read(report_run(Trained.of(run, material(run.recipe))))
    assert "training" not in page.sections
    assert {"scenes", "mistakes", "samples"} <= set(page.sections)


def test_a_run_whose_model_is_gone_shows_its_last_snapshot_and_says_so(
    pretend_run, tiny_recipe, read
):
    trained = Trained.restored(pretend_run(tiny_recipe()))
    assert trained.material is None
    page = read(report_run(trained))
    assert page.sections == ["run", "scenes", "training", "curves", "figures", "recipe", "repeat"]
    assert "has no checkpoint yet" in page.text


def test_a_run_whose_scenes_are_gone_is_reported_all_the_same(
    pretend_run, tiny_recipe, monkeypatch
):
    run = pretend_run(tiny_recipe())

    def gone(split):
        raise ObjcentricError("there is no folder photos")

    monkeypatch.setattr(type(run.recipe.build_source()), "scenes", lambda _, split: gone(split))
    assert Trained.restored(run).missing == "there is no folder photos"


def test_a_run_that_has_not_begun_has_a_page_with_its_recipe(tmp_path, tiny_recipe, read):
    run = Run(tmp_path, tiny_recipe())
    page = read(report_run(Trained.of(run, None)))
    assert page.sections == ["run", "recipe", "repeat"]
    assert "Not finished after 0 of 3 epochs." in page.text


def test_a_run_that_failed_says_why(tmp_path, tiny_recipe, read):
    run = Run(tmp_path, tiny_recipe())
    run.write_summary({"status": "failed", "epochs": 2, "error": "the loss is not finite"})
    assert (
        "Failed after 2 of 3 epochs: the loss is not finite."
        in read(report_run(Trained.of(run, None))).text
    )


def test_the_goal_is_judged_on_test_scenes(pretend_run, tiny_recipe, read):
    for figure, said in ((0.99, "✓ goal reached"), (0.5, "✗ goal missed")):
        run = pretend_run(tiny_recipe(), name=said, test={"count_accuracy": figure})
        assert f"{said} on test scenes" in read(report_run(Trained.of(run, None))).text


def test_a_report_leaves_the_model_and_chance_as_they_were(pretend_run, material, tiny_recipe):
    run, live = pretend_run(tiny_recipe()), material(tiny_recipe())
    live.model.train()
    before = torch.get_rng_state()
    report_run(Trained.of(run, live))
    assert live.model.training
    assert torch.equal(torch.get_rng_state(), before)


def test_the_same_run_gives_the_same_page(pretend_run, material, tiny_recipe):
    trained = Trained.of(pretend_run(tiny_recipe()), material(tiny_recipe()))
    first = report_run(trained).read_bytes()
    assert report_run(trained).read_bytes() == first


@pytest.mark.parametrize("name", ["quickstart", "slot-attention"])
def test_a_shipped_recipe_s_page_is_small(name, pretend_run, material):
    """Far below 5 MB, though nothing that an untrained model draws compresses well."""
    small = ["scenes.train=16", "scenes.validation=40", "scenes.test=16", "training.device=cpu"]
    recipe = load(name, [*small, "evaluation.metrics=[mse]", "evaluation.goal=null"])
    run = pretend_run(recipe)
    page = report_run(Trained.of(run, material(recipe)))
    assert 50_000 < page.stat().st_size < 2_000_000
    assert page == run.path / FILE
