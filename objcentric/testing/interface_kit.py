"""Everything that the checks know about an interface."""

from dataclasses import dataclass

from objcentric.component import Component
from objcentric.testing.check import CheckFunction
from objcentric.testing.exercise import Exercise


@dataclass(frozen=True)
class InterfaceKit:
    """Everything that the checks know about an interface.

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
        exercise: how its components are used, for the checks that all modules share; None where
            components are no `nn.Module`.
        partner: its smallest honest component, which other components are given where they need
            one; a class that can be built without options.
        checks: what is demanded of its components besides. A check takes a `Subject`; its name is
            the function's, and its docstring says in a sentence what it demands.
        page: where the documentation has a section of each check's name; empty where the
            docstrings say all there is.
    """

    interface: type[Component]
    exercise: Exercise | None = None
    partner: type[Component] | None = None
    checks: tuple[CheckFunction, ...] = ()
    page: str = ""
