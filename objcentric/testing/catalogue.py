"""`Catalogue`, which finds the checks that a component has to pass."""

from functools import cached_property

from torch import nn

from objcentric.component import Component, interface_of
from objcentric.registry import PluginError, Registry
from objcentric.testing.check import Check
from objcentric.testing.checks import general, surroundings, traced, used
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.kits import KITS


class Catalogue:
    """The kits of all interfaces, objcentric's own and those of plugins.

    Args:
        registry: its plugins may add kits.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    @cached_property
    def _kits(self) -> tuple[list[InterfaceKit], list[PluginError]]:
        brought, errors = self._registry.interface_kits()
        return [*KITS, *brought], errors

    def kit_of(self, interface: type[Component]) -> InterfaceKit:
        """The kit of an interface; an empty one if there is none.

        Raises:
            PluginError: there are several kits of the interface, or there is none and a plugin
                failed to list its kits.
        """
        kits, errors = self._kits
        found = [kit for kit in kits if kit.interface is interface]
        if len(found) > 1:
            raise PluginError(
                f"there are {len(found)} kits of the interface {interface.__name__}; "
                "only one plugin may have one"
            )
        if not found and errors:
            raise errors[0]
        return found[0] if found else InterfaceKit(interface)

    def checks_of(self, component: type[Component]) -> list[Check]:
        """The checks that a component has to pass, the most basic first."""
        kit = self.kit_of(interface_of(component))
        found = [*general.CHECKS, *surroundings.CHECKS]
        if kit.exercise is not None:
            found += used.CHECKS
            if kit.exercise.has_batch:
                found += used.BATCH_CHECKS
        if issubclass(component, nn.Module):
            found += general.MODULE_CHECKS
            if kit.exercise is not None:
                found += traced.CHECKS
        return [*found, *particular(kit)]


def particular(kit: InterfaceKit) -> list[Check]:
    """The checks of one interface."""
    return [Check(function, kit.page) for function in kit.checks]


def own_checks() -> list[Check]:
    """objcentric's own checks, in the order of the documentation."""
    shared = [*general.CHECKS, *surroundings.CHECKS, *used.CHECKS, *used.BATCH_CHECKS]
    of_modules = [*general.MODULE_CHECKS, *traced.CHECKS]
    return [*shared, *of_modules, *(check for kit in KITS for check in particular(kit))]
