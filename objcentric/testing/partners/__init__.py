"""The smallest honest components: what the one that is being checked works with."""

from objcentric.component import Component
from objcentric.interfaces import (
    Background,
    Baseline,
    Compositor,
    Glimpser,
    ObjectDecoder,
    ObjectEncoder,
    SpriteSource,
)
from objcentric.scene import SceneSpec
from objcentric.testing.partners.add import Add
from objcentric.testing.partners.gray import Gray
from objcentric.testing.partners.linear_baseline import LinearBaseline
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric.testing.partners.linear_encoder import LinearEncoder
from objcentric.testing.partners.strokes import Strokes
from objcentric.testing.partners.window import Window

PARTNERS: dict[type[Component], type[Component]] = {
    Background: Gray,
    Baseline: LinearBaseline,
    Compositor: Add,
    Glimpser: Window,
    ObjectDecoder: LinearDecoder,
    ObjectEncoder: LinearEncoder,
    SpriteSource: Strokes,
}

SMALL_SCENE = SceneSpec(
    image_shape=(1, 20, 20), objects=3, what_dim=4, glimpse=8, where=Window.where_spec
)
"""Sizes that all differ where they may, and cost nothing."""


def partner_of(interface: type[Component]) -> type[Component] | None:
    """The kit's own component of an interface, if it has one."""
    return PARTNERS.get(interface)
