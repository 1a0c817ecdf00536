"""Every component that is installed passes the kit that strangers' pass."""

from objcentric.registry import Registry
from objcentric.testing import parametrize_with_checks

REGISTRY = Registry.discover()

EXPECTED_FAILURES: dict[str, str] = {}


@parametrize_with_checks(
    [entry.canonical for entry in REGISTRY.components()],
    expected_failures=EXPECTED_FAILURES,
    registry=REGISTRY,
)
def test_component_conforms(check) -> None:
    check()
