"""The components, recipes and hooks of all plugins (`Registry`)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from objcentric import hookspecs
from objcentric.component import Component, snake_case
from objcentric.names import did_you_mean
from objcentric.registry.component_entry import ComponentEntry
from objcentric.registry.plugin import Plugin
from objcentric.registry.plugin_error import PluginError
from objcentric.registry.plugin_source import PluginSource, file_source, installed_sources
from objcentric.registry.plugin_status import PluginStatus
from objcentric.registry.recipe_sections import united

if TYPE_CHECKING:
    import typer
    from pydantic import BaseModel

    from objcentric.testing import InterfaceKit


class Registry:
    """Finds the components and recipes of plugins by name.

    A broken plugin does not affect others: only using something that it brings is an error.
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager("objcentric")
        self._manager.add_hookspecs(hookspecs)
        self._plugins: list[Plugin] = []

    @classmethod
    def discover(cls, files: Sequence[Path] = ()) -> "Registry":
        """Finds and loads all installed plugins and single-file plugins.

        Args:
            files: Python files; each is a plugin.

        Raises:
            PluginError: a file is missing, cannot be loaded, or has the name of another plugin.
        """
        registry = cls()
        sources = list(installed_sources())
        for source in sources:
            rivals = {s.origin: s for s in sources if s.name == source.name}
            registry._plugins.append(
                Plugin.broken(source, _conflict(source.name, rivals))
                if len(rivals) > 1
                else Plugin.load(source, registry._manager)
            )
        for path in files:
            registry._add_file(file_source(Path(path)))
        return registry

    @property
    def hook(self) -> pluggy.HookRelay:
        """Calls a hook of every plugin: `registry.hook.objcentric_run_started(run=run)`."""
        return self._manager.hook

    @property
    def names(self) -> list[str]:
        """The names of all plugins, broken ones included; this imports nothing."""
        return [plugin.source.name for plugin in self._plugins]

    @property
    def plugins(self) -> list[PluginStatus]:
        """The status of every plugin; this imports all components."""
        return [self._status(plugin) for plugin in self._plugins]

    def components(self, interface: type[Component] | None = None) -> list[ComponentEntry]:
        """The components that work, in order of canonical name; `interface` selects one kind."""
        wanted = interface or Component
        entries = [e for plugin in self._plugins for e in plugin.entries if e.implements(wanted)]
        return sorted(entries, key=lambda entry: entry.canonical)

    def find(self, interface: type[Component], name: str) -> ComponentEntry:
        """The component with a given name.

        Args:
            interface: the interface that the component must implement.
            name: canonical name (`air.sum`), or short name (`sum`) if it is unambiguous.

        Raises:
            PluginError: there is none, there are several, or its plugin is broken.
        """
        plugin, _, short = name.rpartition(".")
        self._refuse_broken(plugin)
        named = [
            entry
            for p in self._plugins
            for entry in p.entries
            if entry.name == short and plugin in ("", entry.plugin)
        ]
        fitting = [entry for entry in named if entry.implements(interface)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = ", ".join(entry.canonical for entry in fitting)
            raise PluginError(f"{name!r} may be any of {names}; say which")
        for entry in named:
            entry.load()  # raises if it is broken
        raise PluginError(self._unknown(interface, name, named))

    def entry_of(self, component: type[Component]) -> ComponentEntry:
        """The entry of a component class.

        Raises:
            PluginError: no plugin brings the class.
        """
        name = snake_case(component.__name__)
        for plugin in self._plugins:
            for entry in plugin.entries:
                if entry.name == name and entry.implements(component) and entry.load() is component:
                    return entry
        raise PluginError(f"no plugin brings the component {component.__qualname__}")

    def recipes(self) -> dict[str, Path]:
        """Recipe files by name: `file`, or `plugin.file` if several files have the same name."""
        folders = [("objcentric", core_recipes())]
        folders += [(p.source.name, folder) for p in self._plugins for folder in p.recipes]
        found = [(plugin, path) for plugin, f in folders for path in sorted(f.glob("*.yaml"))]
        stems = [path.stem for _, path in found]
        return {
            path.stem if stems.count(path.stem) == 1 else f"{plugin}.{path.stem}": path
            for plugin, path in found
        }

    def recipe_sections(self) -> dict[str, "type[BaseModel] | PluginError"]:
        """The sections that plugins add to recipes: the options, or an error, by section name.

        A plugin whose hook fails adds no sections; its status in `plugins` says why.
        """
        found = []
        for plugin in self._plugins:
            with suppress(PluginError):
                found.append((plugin.source.name, plugin.sections(self._manager)))
        return united(found)

    def add_commands(self, app: "typer.Typer") -> list[PluginError]:
        """Lets every plugin add its commands; returns the errors of plugins that failed."""
        errors = []
        for plugin in self._plugins:
            try:
                plugin.add_commands(app, self._manager)
            except PluginError as error:
                errors.append(error)
        return errors

    def interface_kits(self) -> "tuple[list[InterfaceKit], list[PluginError]]":
        """Checks for the interfaces that plugins define, and the errors of plugins that failed."""
        kits, errors = [], []
        for plugin in self._plugins:
            try:
                kits += plugin.interface_kits(self._manager)
            except PluginError as error:
                errors.append(error)
        return kits, errors

    def _status(self, plugin: Plugin) -> PluginStatus:
        status = plugin.status
        try:
            brought = plugin.sections(self._manager)
        except PluginError as error:
            return replace(status, errors=(*status.errors, str(error)))
        known = self.recipe_sections() if brought else {}
        conflicts = [str(known[n]) for n in brought if isinstance(known[n], PluginError)]
        return replace(status, errors=(*status.errors, *conflicts))

    def _add_file(self, source: PluginSource) -> None:
        for plugin in self._plugins:
            if plugin.source.name == source.name:
                raise PluginError(
                    f"{source.distribution} would be plugin {source.name!r}, but "
                    f"{plugin.source.origin} already has that name; rename the file"
                )
        plugin = Plugin.load(source, self._manager)
        if plugin.error is not None:
            raise plugin.error
        self._plugins.append(plugin)

    def _refuse_broken(self, name: str) -> None:
        for plugin in self._plugins:
            if plugin.source.name == name and plugin.error is not None:
                raise plugin.error

    def _unknown(
        self, interface: type[Component], name: str, named: Sequence[ComponentEntry]
    ) -> str:
        kind = snake_case(interface.__name__).replace("_", " ")
        entries = self.components(interface)
        known = [e.canonical if "." in name else e.name for e in entries]
        said = f"{name!r} is no {kind}" if named else f"there is no {kind} {name!r}"
        listed = ", ".join(e.canonical for e in entries) or "none"
        broken = [p.source.name for p in self._plugins if p.error is not None]
        hint = f" (broken plugins: {', '.join(broken)})" if broken else ""
        return f"{said}{did_you_mean(name, known)}; there are: {listed}{hint}"


def core_recipes() -> Path:
    """The folder of objcentric's own recipes, in the wheel or in a checkout."""
    package = Path(__file__).parents[1]
    packed = package / "recipes"
    return packed if packed.is_dir() else package.parent / "recipes"


def _conflict(name: str, rivals: dict[str, PluginSource]) -> str:
    return f"{' and '.join(sorted(rivals))} both call a plugin {name!r}; uninstall one of them"
