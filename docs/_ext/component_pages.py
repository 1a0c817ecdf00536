"""The catalogue of components, a page per interface (`component_pages`)."""

from docstring import Docstring, cell

from objcentric.component import Component, interface_of, snake_case
from objcentric.recipe.description import Description
from objcentric.registry import ComponentEntry, Registry

FOLDER = "components"


def component_pages(registry: Registry) -> dict[str, str]:
    """Pages by name: all components of the registry, by interface."""
    kinds: dict[type[Component], list[ComponentEntry]] = {}
    for entry in registry.components():
        kinds.setdefault(interface_of(entry.load()), []).append(entry)
    ordered = sorted(kinds.items(), key=lambda item: item[0].__name__)
    pages = {f"{FOLDER}/{snake_case(kind.__name__)}": _page(kind, es) for kind, es in ordered}
    return {f"{FOLDER}/index": _index(dict(ordered)), **pages}


def _index(kinds: dict[type[Component], list[ComponentEntry]]) -> str:
    rows = [
        f"| [{kind.__name__}]({snake_case(kind.__name__)}.md) | {_first_line(kind)} | "
        f"{', '.join(f'`{entry.name}`' for entry in entries)} |"
        for kind, entries in kinds.items()
    ]
    return "\n".join(
        [
            "# Components",
            "",
            "All components that come with objcentric, by interface. `objcentric components` lists",
            "the same in a terminal, with those of your own plugins.",
            "",
            "| interface | what it is | components |",
            "|---|---|---|",
            *rows,
            "",
            "```{toctree}",
            ":hidden:",
            "",
            *(snake_case(kind.__name__) for kind in kinds),
            "```",
            "",
        ]
    )


def _page(kind: type[Component], entries: list[ComponentEntry]) -> str:
    name = snake_case(kind.__name__)
    intro = (
        f"{_first_line(kind)} [What is asked of one, with an example](../../interfaces/{name}.md)."
    )
    parts = [f"# {kind.__name__}", intro, *(_section(entry) for entry in entries)]
    return "\n\n".join(parts) + "\n"


def _section(entry: ComponentEntry) -> str:
    component, described = entry.load(), Description.of(entry)
    words = Docstring.of(component)
    facts = [
        f"**{title}:** {', '.join(f'`{value}`' for value in values)}"
        for title, values in (("Needs", described.needs), ("Offers", described.offers))
        if values
    ]
    rows = [
        f"| `{o.name}` | {_code(o.type)} | {_code(o.default)} | {cell(words.meaning(o.name))} |"
        for o in described.options
    ]
    table = ["| option | type | default | |\n|---|---|---|---|\n" + "\n".join(rows)] if rows else []
    source = f"From {entry.origin}."
    return "\n\n".join([f"## {entry.canonical}", words.body, *table, *facts, source])


def _code(value: str | None) -> str:
    return "*required*" if value is None else f"`{cell(value)}`"


def _first_line(kind: type[Component]) -> str:
    return Docstring.of(kind).body.partition("\n\n")[0].replace("\n", " ")
