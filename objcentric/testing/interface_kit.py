"""`InterfaceKit`, all that the checks know about an interface."""

from dataclasses import dataclass

from objcentric.component import Component
from objcentric.testing.check import CheckFunction
from objcentric.testing.exercise import Exercise


@dataclass(frozen=True)
class InterfaceKit:
    """All that the checks know about an interface.

        KIT = InterfaceKit(
            interface=Lens,
            exercise=Exercise(
                takes={"image": "B C H W"},
                gives={"seen": "B C H W"},
                use=lambda lens, scene, given: {"seen": lens(given["image"])},
            ),
            checks=(brightness,),
        )

    Attributes:
        interface: a direct subclass of `Component`.
        exercise: how its components are used, for the checks that all modules share; None if
            components are not an `nn.Module`.
        partner: a small component that works, passed to other components that need one; a class
            that can be built without options.
        checks: further checks of this interface. A check takes a `Subject`. Its name is the
            function's name, and its docstring says in one sentence what it demands.
        page: page of the documentation with one section per check; empty if the docstrings
            suffice.
    """

    interface: type[Component]
    exercise: Exercise | None = None
    partner: type[Component] | None = None
    checks: tuple[CheckFunction, ...] = ()
    page: str = ""
