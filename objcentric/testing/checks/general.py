"""Checks of every component, whatever its interface."""

from objcentric.component import Component
from objcentric.recipe.component_choice import ComponentChoice
from objcentric.recipe.component_resolver import ComponentResolver
from objcentric.recipe.node import Entry
from objcentric.recipe.problem import Problem
from objcentric.recipe.signature import REQUIRED
from objcentric.registry import ComponentEntry, PluginError
from objcentric.testing.check import Check
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.expecting import expect, expect_equal
from objcentric.testing.subject import MARK, Subject, as_node


def construction(subject: Subject) -> None:
    """The component can be built for the kit's small scene, and belongs to its interface."""
    built = subject.build()
    expect(isinstance(built, subject.interface), f"a {subject.interface.__name__}", type(built))


def recipe_options(subject: Subject) -> None:
    """A recipe can write its options, and reads them back unchanged."""
    if subject.instance is not None:
        raise CheckSkipped("an object was given, not a class with options")
    first = _chosen(subject, _writable(subject))
    again = _chosen(subject, first.written)
    expect(
        again.written == first.written,
        f"the options {dict(first.written)} after they were written and read",
        dict(again.written),
    )
    built = first.build(subject.scene, 0)
    expect(isinstance(built, subject.kind), f"a recipe to build a {subject.label}", type(built))


def same_weights(subject: Subject) -> None:
    """Its initial weights depend only on torch's seed."""
    one, two = (subject.build(seed=1).state_dict() for _ in range(2))
    expect_equal(two, one, "the same weights from the same seed, twice", tolerance=0)


def _writable(subject: Subject) -> dict[str, object]:
    """The given options, and an installed component for each required one that is not given."""
    options = dict(subject.given)
    for option in subject.signature.options:
        if isinstance(options.get(option.name), (Component, type)):
            raise CheckSkipped(f"{option.name} was given as an object, not by its name")
        if option.name not in options and option.default is REQUIRED and option.interface:
            options[option.name] = _installed(subject, option.interface)
    return options


def _installed(subject: Subject, interface: type[Component]) -> str:
    for entry in subject.registry.components(interface):
        resolver = ComponentResolver(subject.registry, [])
        if resolver.choose(entry, {}, MARK, ""):
            return entry.canonical
    raise CheckSkipped(f"no {interface.__name__} is installed, so none can be given by name")


def _chosen(subject: Subject, options: object) -> ComponentChoice:
    problems: list[Problem] = []
    assert isinstance(options, dict)
    given = {k: Entry(MARK, as_node(v, k, problems)) for k, v in options.items()}
    try:
        entry = subject.registry.entry_of(subject.kind)
    except PluginError:  # a class that no plugin brings yet
        entry = ComponentEntry("checked", "this class", subject.kind)
    choice = ComponentResolver(subject.registry, problems).choose(entry, given, MARK, subject.label)
    expect(choice is not None, "options that a recipe can write", "; ".join(map(str, problems)))
    assert choice is not None
    return choice


CHECKS = (Check(construction), Check(recipe_options))
MODULE_CHECKS = (Check(same_weights),)
