"""Pages of the API reference, a page per package, filled by autodoc (`api_pages`)."""

import pkgutil
from collections.abc import Sequence
from importlib import import_module

import objcentric.blocks

FOLDER = "api"
PACKAGES = {
    "objcentric": "Training and loading from Python, and the mark of hooks.",
    "objcentric.interfaces": "What each part of a scene model has to do.",
    "objcentric.inference": "A trained run in use.",
    "objcentric.recipe": "Recipes.",
    "objcentric.registry": "Plugins, and what they bring.",
    "objcentric.testing": "The conformance kit.",
}
"""Packages whose `__all__` is documented."""

MODULES = (
    "objcentric.component",
    "objcentric.scene",
    "objcentric.presence",
    "objcentric.drafts",
    "objcentric.placed",
    "objcentric.progress",
    "objcentric.normal",
    "objcentric.deterministic",
    "objcentric.divergence",
    "objcentric.masks",
    "objcentric.images",
    "objcentric.waiting",
    "objcentric.across_ranks",
    "objcentric.errors",
    "objcentric.hookspecs",
)
"""The vocabulary: modules of which everything public is documented."""


def api_pages() -> dict[str, str]:
    """Pages by name."""
    blocks = [
        f"objcentric.blocks.{m.name}" for m in pkgutil.iter_modules(objcentric.blocks.__path__)
    ]
    pages = {f"{FOLDER}/{name}": _page(name, [name], said) for name, said in PACKAGES.items()}
    pages[f"{FOLDER}/vocabulary"] = _page("Vocabulary", MODULES, "What all rooms talk in.")
    said = "The toolkit of component authors: [with examples](../../blocks.md)."
    pages[f"{FOLDER}/blocks"] = _page("objcentric.blocks", blocks, said)
    toc = ["```{toctree}", *(page.removeprefix(f"{FOLDER}/") for page in pages), "```"]
    intro = "Everything public, from the docstrings. Shapes are in the signatures."
    return {f"{FOLDER}/index": "\n".join(["# API", "", intro, "", *toc, ""]), **pages}


def _page(title: str, modules: Sequence[str], said: str) -> str:
    described = [_module(module, headed=len(modules) > 1) for module in modules]
    return "\n\n".join([f"# {title}", said, *described]) + "\n"


def _module(name: str, *, headed: bool) -> str:
    exported = [n for n in getattr(import_module(name), "__all__", ()) if n != "__version__"]
    heading = f"## {name}\n\n" if headed else ""
    members = f"   :members: {', '.join(exported)}\n" if exported else ""
    return f"{heading}```{{eval-rst}}\n.. automodule:: {name}\n{members}```"
