"""A plugin whose code has run, or failed to load (`Plugin`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from objcentric import INTERFACE_VERSION, __version__
from objcentric.component import Component, is_concrete
from objcentric.names import did_you_mean
from objcentric.registry.component_entry import ComponentEntry
from objcentric.registry.plugin_error import PluginError, describe_with_place
from objcentric.registry.plugin_source import PluginSource
from objcentric.registry.plugin_status import PluginStatus
from objcentric.registry.recipe_sections import checked_sections
from objcentric.registry.strangers_code import strangers_code

if TYPE_CHECKING:
    import typer
    from pydantic import BaseModel

    from objcentric.testing import InterfaceKit


@dataclass(frozen=True)
class Plugin:
    """What a plugin brings.

    Attributes:
        source: its origin, and how to load it.
        module: the module or object that implements its hooks; None if it was not loaded.
        entries: its components.
        recipes: its folders of recipes.
        error: why it brings nothing; None if it was loaded.
    """

    source: PluginSource
    module: Any = None
    entries: tuple[ComponentEntry, ...] = ()
    recipes: tuple[Path, ...] = ()
    error: PluginError | None = None

    @classmethod
    def load(cls, source: PluginSource, manager: pluggy.PluginManager) -> "Plugin":
        """Runs the plugin's code and registers its hooks. Never raises: see `error`."""
        module = None
        try:
            with strangers_code(source.name, source.origin):
                module = source.load()
                _refuse_other_interface(module)
                manager.register(module)
                _refuse_unknown_hooks(module, manager)
                entries = _entries(source, module, manager)
                folders = _call(manager, module, "objcentric_recipes")
                recipes = [Path(folder) for each in folders for folder in each]
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if module is not None and manager.is_registered(module):
                manager.unregister(module)
            return cls.broken(source, describe_with_place(error))
        return cls(source, module, entries, tuple(recipes))

    @classmethod
    def broken(cls, source: PluginSource, reason: str) -> "Plugin":
        """A plugin that cannot be used."""
        return cls(source, error=PluginError(f"plugin {source.name!r} ({source.origin}): {reason}"))

    def add_commands(self, app: "typer.Typer", manager: pluggy.PluginManager) -> None:
        """Lets the plugin add its commands.

        Raises:
            PluginError: the plugin's hook fails.
        """
        if self.module is None:
            return
        try:
            with strangers_code(self.source.name, self.source.origin):
                _call(manager, self.module, "objcentric_commands", app=app)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise PluginError(
                f"plugin {self.source.name!r} ({self.source.origin}) adds no commands: "
                f"{describe_with_place(error)}"
            ) from error

    def interface_kits(self, manager: pluggy.PluginManager) -> "list[InterfaceKit]":
        """Checks for components of the interfaces that the plugin defines.

        Raises:
            PluginError: the plugin's hook fails.
        """
        if self.module is None:
            return []
        try:
            with strangers_code(self.source.name, self.source.origin):
                found = _call(manager, self.module, "objcentric_interface_kits")
            return [kit for kits in found for kit in kits]
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise PluginError(
                f"plugin {self.source.name!r} ({self.source.origin}) brings no kits: "
                f"{describe_with_place(error)}"
            ) from error

    def sections(self, manager: pluggy.PluginManager) -> dict[str, "type[BaseModel]"]:
        """The sections that the plugin adds to recipes, by name.

        Raises:
            PluginError: the plugin's hook fails, or returns something that is no valid section.
        """
        if self.module is None:
            return {}
        try:
            with strangers_code(self.source.name, self.source.origin):
                found = _call(manager, self.module, "objcentric_recipe_sections")
            return {name: o for part in found for name, o in checked_sections(part).items()}
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            source = self.source
            raise PluginError(
                f"plugin {source.name!r} ({source.origin}) adds no sections to recipes: "
                f"{describe_with_place(error)}"
            ) from error

    @property
    def status(self) -> PluginStatus:
        """The plugin's health; this imports all its components."""
        errors = [] if self.error is None else [str(self.error)]
        working = []
        for entry in self.entries:
            try:
                entry.load()
            except PluginError as error:
                errors.append(str(error))
            else:
                working.append(entry.canonical)
        source = self.source
        return PluginStatus(
            source.name, source.distribution, source.version, tuple(working), tuple(errors)
        )


def _call(manager: pluggy.PluginManager, module: Any, hook: str, **arguments: Any) -> list[Any]:
    """Calls a hook of one plugin only, so that an error can be attributed to it."""
    others = manager.get_plugins() - {module}
    results: list[Any] = manager.subset_hook_caller(hook, others)(**arguments)
    return results


def _refuse_other_interface(module: Any) -> None:
    """Refuses a plugin that says that it is made for another version of the plugin interface."""
    stated = getattr(module, "objcentric_interface", INTERFACE_VERSION)
    if type(stated) is not int:
        raise PluginError(f"objcentric_interface should be a whole number, got {stated!r}")
    if stated != INTERFACE_VERSION:
        what = (
            "upgrade objcentric: pip install --upgrade objcentric"
            if stated > INTERFACE_VERSION
            else "upgrade the plugin, or adapt it as docs/stability.md says"
        )
        raise PluginError(
            f"it is made for version {stated} of the plugin interface, and objcentric "
            f"{__version__} has version {INTERFACE_VERSION}; {what}"
        )


def _refuse_unknown_hooks(module: Any, manager: pluggy.PluginManager) -> None:
    """Refuses misspelt hooks, which would silently never be called."""
    callers = manager.get_hookcallers(module) or []
    known = [name for name in vars(manager.hook) if getattr(manager.hook, name).has_spec()]
    for caller in callers:
        if not caller.has_spec():
            raise PluginError(f"there is no hook {caller.name!r}{did_you_mean(caller.name, known)}")


def _entries(
    source: PluginSource, module: Any, manager: pluggy.PluginManager
) -> tuple[ComponentEntry, ...]:
    targets = [t for ts in _call(manager, module, "objcentric_components") for t in ts]
    if source.is_file and not manager.get_hookcallers(module):
        targets = _own_components(vars(module).values(), module.__name__)
        if not targets:
            raise PluginError("the file has neither a component nor a hook implementation")
    entries = [ComponentEntry(source.name, source.origin, target) for target in targets]
    names = [entry.name for entry in entries]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PluginError(f"several components have the same name: {', '.join(twice)}")
    return tuple(entries)


def _own_components(values: Iterable[object], module: str) -> list[type[Component]]:
    """The components that a module defines itself, not those that it imports; each once."""
    found = [v for v in values if isinstance(v, type) and is_concrete(v) and v.__module__ == module]
    return list(dict.fromkeys(found))
