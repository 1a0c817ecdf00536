"""Every check is failed by a component that is broken in that one way, and by no good one."""

import pytest
import torch
from broken import (
    appearance,
    estimators,
    general,
    glimpsers,
    images,
    metrics,
    models,
    priors,
    renderers,
    schedulers,
    sources,
)

from objcentric.registry import Registry
from objcentric.testing import check_component
from objcentric.testing.catalogue import own_checks

FAMILIES = (
    general,
    glimpsers,
    appearance,
    schedulers,
    priors,
    images,
    estimators,
    sources,
    renderers,
    models,
    metrics,
)
GOOD = [kind for family in FAMILIES for kind in family.GOOD]
BROKEN = [pair for family in FAMILIES for pair in family.BROKEN.items()]
NEEDS_CUDA = ("device",)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.discover()


@pytest.mark.parametrize("component", GOOD, ids=lambda kind: kind.__name__)
def test_a_good_component_fails_no_check(component: type, registry: Registry) -> None:
    results = check_component(component, registry=registry)
    assert {r.name: r.message for r in results if r.status == "failed"} == {}
    assert sum(result.status == "passed" for result in results) >= 4


@pytest.mark.parametrize(
    ("name", "component"),
    [
        pytest.param(name, kind, id=f"{kind.__name__}-{name}")
        for name, kind in BROKEN
        if name not in NEEDS_CUDA or torch.cuda.is_available()
    ],
)
def test_a_broken_component_fails_its_check_and_no_other(
    name: str, component: type, registry: Registry
) -> None:
    results = check_component(component, registry=registry)
    failed = {r.name: r.message for r in results if r.status == "failed"}
    assert list(failed) == [name], failed
    assert "expected " in failed[name]
    assert f"docs/conformance.md#{name}" in failed[name]


def test_every_check_has_a_component_that_fails_it_and_a_name_of_its_own() -> None:
    names = [check.name for check in own_checks()]
    assert len(set(names)) == len(names)
    assert sorted(name for name, _ in BROKEN) == sorted(names)
