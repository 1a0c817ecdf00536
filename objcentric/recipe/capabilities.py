"""Which components can work together."""

from objcentric.component import interface_of, snake_case
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.model_recipe import ModelRecipe, model_interfaces
from objcentric.recipe.problem import Misfit
from objcentric.registry import Registry


def unmet_needs(model: ModelRecipe, registry: Registry) -> list[Misfit]:
    """What components need and no other component of the model offers, with what would fit."""
    choices = list(model.walk())
    problems = []
    for choice in choices:
        others = [other.component.offers for other in choices if other is not choice]
        offered = frozenset[str]().union(*others)
        for need in sorted(choice.component.needs - offered):
            message = _message(choice, need, offered, registry)
            problems.append(Misfit(choice.mark, choice.path, message))
    return problems


def _message(
    choice: ComponentChoice, need: str, offered: frozenset[str], registry: Registry
) -> str:
    offering = [
        f"{entry.canonical} ({name})"
        for name, interface in model_interfaces().items()
        for entry in registry.components(interface)
        if need in entry.load().offers
    ]
    interface = interface_of(choice.component)
    instead = [
        entry.canonical for entry in registry.components(interface) if entry.load().needs <= offered
    ]
    return (
        f"{choice.canonical} needs {need!r}, which no other component of the model offers; "
        f"it is offered by: {', '.join(offering) or 'nothing that is installed'}; "
        f"{snake_case(interface.__name__)} components that do without it: "
        f"{', '.join(instead) or 'none'}"
    )
