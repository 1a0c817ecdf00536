"""What the documentation leaves out (`gaps`): hooks, interfaces, components, commands, recipes."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import typer
from command_pages import commands
from docstring import Docstring

from objcentric import hookspecs
from objcentric.component import interface_of, snake_case
from objcentric.interfaces import Metric
from objcentric.recipe.description import describe_components
from objcentric.registry import ComponentEntry, Registry

DOCS = Path(__file__).parents[1]
LEFT_OUT = ("_build", "generated")


def gaps(registry: Registry, app: typer.Typer, generated: Mapping[str, str]) -> list[str]:
    """Everything that has no page, one line each.

    Args:
        registry: components and recipes.
        app: commands.
        generated: generated pages by name.
    """
    written = "\n".join(_written())
    return [
        *_hooks(),
        *(
            line
            for entry in registry.components()
            for line in _component(entry, generated, written)
        ),
        *_options(registry),
        *_commands(app, generated, written),
        *_recipes(registry, generated, written),
    ]


def _written() -> Iterator[str]:
    """The pages that are written by hand."""
    for page in sorted(DOCS.rglob("*.md")):
        if page.relative_to(DOCS).parts[0] not in LEFT_OUT:
            yield page.read_text(encoding="utf-8")


def _hooks() -> Iterator[str]:
    page = (DOCS / "hooks.md").read_text(encoding="utf-8")
    for name in vars(hookspecs):
        if name.startswith("objcentric_") and f"\n## {name}\n" not in page:
            yield f"hook {name}: no section in hooks.md"


def _component(entry: ComponentEntry, generated: Mapping[str, str], written: str) -> Iterator[str]:
    component, name = entry.load(), entry.canonical
    interface = interface_of(component)
    kind = snake_case(interface.__name__)
    if f"## {name}\n" not in generated.get(f"components/{kind}", ""):
        yield f"component {name}: not in the catalogue"
    if not component.__doc__ or not Docstring.of(component).body:
        yield f"component {name}: no docstring"
    if interface is Metric and f"`{entry.name}`" not in written:
        yield f"metric {name}: defined on no page"
    if not (DOCS / "interfaces" / f"{kind}.md").exists():
        yield f"component {name}: its interface has no page in interfaces/"


def _options(registry: Registry) -> Iterator[str]:
    described = {description.name for description in describe_components(registry)}
    for entry in registry.components():
        if entry.canonical not in described:
            yield f"component {entry.canonical}: its options cannot be read"


def _commands(app: typer.Typer, generated: Mapping[str, str], written: str) -> Iterator[str]:
    for name, command in commands(app).items():
        if not command.help or f"## {name}\n" not in generated.get("commands", ""):
            yield f"command {name}: not in the reference, or without help"
        if not re.search(rf"objcentric ([\w-]+ / )*{name}\b", written):
            yield f"command {name}: on no page that is written by hand"


def _recipes(registry: Registry, generated: Mapping[str, str], written: str) -> Iterator[str]:
    for name in registry.recipes():
        if f"recipes/{name}" not in generated:
            yield f"recipe {name}: no page"
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", written):
            yield f"recipe {name}: on no page that is written by hand"
