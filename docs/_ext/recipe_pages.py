"""The shipped recipes, a page each (`recipe_pages`)."""

import re
from pathlib import Path

from docstring import cell
from ruamel.yaml import YAML

from objcentric.recipe import load
from objcentric.recipe.summary import description_of
from objcentric.registry import Registry

FOLDER = "recipes"
DOCS = Path(__file__).parents[1]


def recipe_pages(registry: Registry) -> dict[str, str]:
    """Pages by name: all recipes of the registry."""
    recipes = dict(sorted(registry.recipes().items()))
    extended = {name: _extends(path) for name, path in recipes.items()}
    pages = {f"{FOLDER}/{n}": _page(n, path, extended, registry) for n, path in recipes.items()}
    return {f"{FOLDER}/index": _index(recipes, extended), **pages}


def pages_about(recipe: str) -> dict[str, str]:
    """Titles of the pages in docs/results that name a recipe, by path below docs/."""
    named = re.compile(rf"`{re.escape(recipe)}`|\b(train|compare) {re.escape(recipe)}(?![\w-])")
    found = {}
    for page in sorted((DOCS / "results").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if page.stem != "index" and (named.search(text) or page.stem == recipe):
            found[page.relative_to(DOCS).as_posix()] = text.splitlines()[0].lstrip("# ")
    return found


def _extends(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return str(YAML(typ="safe").load(file).get("extends", ""))


def _index(recipes: dict[str, Path], extended: dict[str, str]) -> str:
    rows = [
        f"| [`{name}`]({name}.md) | {cell(description_of(path))} | {_link(extended[name])} | "
        f"{_results(name)} |"
        for name, path in recipes.items()
    ]
    table = ["| recipe | what it trains | extends | measured |", "|---|---|---|---|", *rows]
    toc = ["```{toctree}", ":hidden:", "", *recipes, "```"]
    intro = "`objcentric ls` lists recipes, `objcentric train NAME` trains one."
    return "\n".join(["# All recipes", "", intro, "", *table, "", *toc, ""])


def _page(name: str, path: Path, extended: dict[str, str], registry: Registry) -> str:
    base = extended[name]
    children = [child for child, parent in extended.items() if parent == name]
    facts = [f"Extends {_link(base)}."] if base else []
    facts += [f"Extended by {', '.join(map(_link, children))}."] if children else []
    results = [f"- [{title}](../../{page})" for page, title in pages_about(name).items()]
    measured = "\n".join(results) or "No results of this recipe are published."
    return "\n\n".join(
        [
            f"# {name}",
            description_of(path),
            *facts,
            f"```console\nobjcentric train {name}\n```",
            f"```yaml\n{path.read_text(encoding='utf-8').strip()}\n```",
            f"## Measured\n\n{measured}",
            "## Written out\n\nEvery option, as `objcentric show` prints it.",
            f"```yaml\n{load(name, registry=registry).to_yaml().strip()}\n```\n",
        ]
    )


def _results(name: str) -> str:
    own = f"results/{name}.md"
    found = pages_about(name)
    first = own if own in found else next(iter(found), "")
    return f"[{Path(first).stem}](../../{first})" if first else "–"


def _link(name: str) -> str:
    return f"[`{name}`]({name}.md)" if name else ""
