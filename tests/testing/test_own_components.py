"""Every component that is installed passes the kit that strangers' pass."""

from objcentric.registry import Registry
from objcentric.testing import parametrize_with_checks

REGISTRY = Registry.discover()

NO_VALIDATION = "it has no validation split yet"
EXPECTED_FAILURES = {
    "scenes.bundled.sprite_splits_differ": NO_VALIDATION,
    "scenes.mnist.sprite_splits_differ": NO_VALIDATION,
    "scenes.multi_mnist.scenes_consistent": NO_VALIDATION,
    "scenes.multi_mnist.splits_differ": NO_VALIDATION,
}


@parametrize_with_checks(
    [entry.canonical for entry in REGISTRY.components()],
    expected_failures=EXPECTED_FAILURES,
    registry=REGISTRY,
)
def test_component_conforms(check) -> None:
    check()
