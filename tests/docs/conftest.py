"""The generated pages of the documentation, made once."""

import pytest
from generated_pages import generated_pages

from objcentric.registry import Registry


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.discover()


@pytest.fixture(scope="session")
def generated(registry: Registry) -> dict[str, str]:
    """Generated pages by name."""
    return generated_pages(registry)
