"""The partners that a component needs, according to its capabilities."""

from torch import nn

from objcentric.component import Component
from objcentric.presence import CertainPresence, IndependentPresence, OrderedPresence, Presence

PRESENCE: dict[str, type[Presence]] = {
    "ordered presence": OrderedPresence,
    "independent presence": IndependentPresence,
    "certain presence": CertainPresence,
}
"""The kind of presence that a scheduler with this capability proposes."""


def needs_of(component: object) -> frozenset[str]:
    """The capabilities that a component and those inside it need but do not offer each other."""
    parts = list(component.modules()) if isinstance(component, nn.Module) else [component]
    inside = [part for part in parts if isinstance(part, Component)]
    needed = frozenset[str]().union(*(part.needs for part in inside))
    return needed - frozenset[str]().union(*(part.offers for part in inside))


def presence_kinds(component: object) -> list[type[Presence]]:
    """The kinds of presence that a component works with. If it names none, these are the kinds in
    which presence is not certain."""
    needed = needs_of(component)
    undecided = [OrderedPresence, IndependentPresence]
    return [kind for name, kind in PRESENCE.items() if name in needed] or undecided
