"""Checks that the components of a model can work together (`unmet_needs`)."""

from collections.abc import Sequence

from objcentric.component import interface_of, snake_case
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.model_recipe import ModelRecipe
from objcentric.recipe.problem import Misfit
from objcentric.recipe.wired_recipe import wired_places
from objcentric.registry import Registry


def unmet_needs(model: ModelRecipe, registry: Registry) -> list[Misfit]:
    """Needs that no other component of the model offers, with components that would fit."""
    choices = list(model.walk())
    problems = []
    for choice in choices:
        others = [other.component.offers for other in choices if other is not choice]
        offered = frozenset[str]().union(*others)
        for need in sorted(choice.component.needs - offered):
            message = _message(choice, need, offered, choices, registry)
            problems.append(Misfit(choice.mark, choice.path, message))
    return problems


def _message(
    choice: ComponentChoice,
    need: str,
    offered: frozenset[str],
    choices: Sequence[ComponentChoice],
    registry: Registry,
) -> str:
    offering = [
        (place.name, entry)
        for place in wired_places()
        for entry in registry.components(place.interface)
        if need in entry.load().offers
    ]
    places = {f"model.{name}" for name, _ in offering}
    lacking = [other.canonical for other in choices if other.path in places]
    offers = ", ".join(f"{entry.canonical} ({name})" for name, entry in offering)
    interface = interface_of(choice.component)
    instead = [
        entry.canonical for entry in registry.components(interface) if entry.load().needs <= offered
    ]
    return (
        f"{choice.canonical} needs {need!r}, which "
        f"{' and '.join(lacking) or 'the rest of the model'} does not offer; "
        f"it is offered by: {offers or 'nothing that is installed'}; "
        f"{snake_case(interface.__name__)} components that do not need it: "
        f"{', '.join(instead) or 'none'}"
    )
