"""Sections that every recipe has, and sections that plugins add."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from objcentric.registry.plugin_error import PluginError, describe

if TYPE_CHECKING:
    from pydantic import BaseModel

OWN_SECTIONS = ("name", "description", "seed", "scenes", "model", "training", "evaluation")
"""objcentric's own sections, in order; `extends` is not listed, for reading a recipe removes it."""


def checked_sections(found: Any) -> dict[str, "type[BaseModel]"]:
    """Checks what a plugin's `objcentric_recipe_sections` returned, and returns it as a dict.

    Raises:
        PluginError: it maps no names to pydantic models, a name is taken, or a section cannot be
            left out.
    """
    from pydantic import BaseModel  # slow, and listings have no use for it

    if not isinstance(found, Mapping):
        raise PluginError(f"objcentric_recipe_sections returned {found!r}, not options by section")
    for name, options in found.items():
        if name in (*OWN_SECTIONS, "extends"):
            raise PluginError(f"the recipe section {name!r} is objcentric's own")
        if not (isinstance(options, type) and issubclass(options, BaseModel)):
            raise PluginError(f"the recipe section {name!r} is {options!r}, no pydantic model")
        try:
            options()
        except Exception as error:
            raise PluginError(
                f"the recipe section {name!r} cannot be left out, because some of its options have "
                f"no default: {describe(error)}"
            ) from error
    return dict(found)


def united(
    sections: Iterable[tuple[str, Mapping[str, "type[BaseModel]"]]],
) -> dict[str, "type[BaseModel] | PluginError"]:
    """The sections of all plugins by name, in alphabetical order.

    Args:
        sections: plugin names, each with the plugin's sections.

    Returns:
        The options of each section, or an error if several plugins bring it.
    """
    united: dict[str, type[BaseModel] | PluginError] = {}
    owners: dict[str, list[str]] = {}
    for plugin, brought in sections:
        for name, options in brought.items():
            owners.setdefault(name, []).append(plugin)
            united[name] = options
    for name, plugins in owners.items():
        if len(plugins) > 1:
            united[name] = PluginError(
                f"the plugins {' and '.join(sorted(plugins))} both bring the recipe section "
                f"{name!r}; uninstall one of them"
            )
    return dict(sorted(united.items()))
