"""The page of metrics says what the code says."""

import importlib
import re
from pathlib import Path

import pytest

import objcentric_metrics

ROOT = Path(__file__).parents[3]
ENTRIES = [entry.split(":") for entry in objcentric_metrics.objcentric_components()]
ROW = re.compile(r"^\| `(\w+)` \|(.*)\|$", re.MULTILINE)


def rows():
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    return {key: [c.strip() for c in rest.split("|")] for key, rest in ROW.findall(text)}


@pytest.mark.parametrize(("module", "name"), ENTRIES)
def test_every_metric_has_a_row_with_its_facts(module, name):
    metric = getattr(importlib.import_module(module), name)()
    _, bounds, better, truth, abilities, customary, _ = rows()[metric.key]
    ends = [float(end.replace("∞", "inf")) for end in re.findall(r"-?(?:∞|[\d.]+)", bounds)]
    assert tuple(ends) == metric.bounds
    assert better == (metric.better or "")
    assert {part for part in truth.split(", ") if part} == metric.truth
    assert {part for part in abilities.split(", ") if part} == metric.abilities
    assert customary == ("yes" if metric.customary else "no")


def test_every_metric_has_a_definition_and_a_row_in_the_readme():
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    readme = (ROOT / "plugins" / "objcentric-metrics" / "README.md").read_text(encoding="utf-8")
    definitions = page.partition("## Counting")[2].partition("## Agreement")[0]
    for key in rows():
        assert f"`{key}`" in definitions
        assert f"`metrics.{key}`" in readme
