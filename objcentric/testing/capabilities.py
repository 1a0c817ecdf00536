"""Which partners a component needs, by the capabilities that it names."""

from torch import nn

from objcentric.component import Component
from objcentric.presence import CertainPresence, IndependentPresence, OrderedPresence, Presence

PRESENCE: dict[str, type[Presence]] = {
    "ordered presence": OrderedPresence,
    "independent presence": IndependentPresence,
    "certain presence": CertainPresence,
}
"""The presence that a scheduler of this capability proposes."""


def needs_of(component: object) -> frozenset[str]:
    """What a component, and those inside of it, need and do not offer each other."""
    parts = list(component.modules()) if isinstance(component, nn.Module) else [component]
    inside = [part for part in parts if isinstance(part, Component)]
    needed = frozenset[str]().union(*(part.needs for part in inside))
    return needed - frozenset[str]().union(*(part.offers for part in inside))


def presence_kinds(component: object) -> list[type[Presence]]:
    """The kinds of presence that a component works with; where it does not say, those that are
    decided about."""
    needed = needs_of(component)
    undecided = [OrderedPresence, IndependentPresence]
    return [kind for name, kind in PRESENCE.items() if name in needed] or undecided
