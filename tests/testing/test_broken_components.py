"""Every check is failed by a component that is broken in that one way, and by no good one."""

from collections.abc import Callable

import pytest
import torch
from broken import (
    appearance,
    estimators,
    general,
    glimpsers,
    hidden,
    images,
    loud,
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
from objcentric.testing.partners.gray import Gray

FAMILIES = (
    general,
    hidden,
    loud,
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
    assert sorted({name for name, _ in BROKEN}) == sorted(names)


@pytest.mark.parametrize(
    ("setting", "changed"),
    [
        ("dtype", lambda: torch.set_default_dtype(torch.float64)),
        ("device", lambda: torch.set_default_device("meta")),
        ("threads", lambda: torch.set_num_threads(torch.get_num_threads() + 1)),
    ],
)
def test_a_component_that_changes_a_setting_of_torch_is_found_and_the_setting_restored(
    setting: str, changed: Callable[[], None], registry: Registry
) -> None:
    class Meddling(Gray):
        def forward(self, image):
            changed()
            return super().forward(image)

    before = (torch.get_default_dtype(), torch.get_default_device(), torch.get_num_threads())
    results = check_component(Meddling, registry=registry)
    (message,) = (r.message for r in results if r.name == "global_state")
    assert setting in message
    after = (torch.get_default_dtype(), torch.get_default_device(), torch.get_num_threads())
    assert after == before
