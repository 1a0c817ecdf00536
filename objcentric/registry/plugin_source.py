"""Sources of plugins; objcentric loads third-party code from nowhere else (`PluginSource`)."""

import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from objcentric.registry.plugin_error import PluginError, describe

GROUP = "objcentric"
"""The entry-point group through which plugins are found."""

FILE_MODULE = "objcentric_file_"
"""What the module of a single-file plugin is called, before the name of the file."""


@dataclass(frozen=True)
class PluginSource:
    """A plugin none of whose code has run yet.

    Attributes:
        name: the plugin's name.
        distribution: the installed distribution that contains it, or its file.
        version: version of the distribution; empty for a file.
        load: runs its code and returns the object that implements the hooks.
        is_file: whether it is a single file from the command line.
    """

    name: str
    distribution: str
    version: str
    load: Callable[[], Any]
    is_file: bool = False

    @property
    def origin(self) -> str:
        return f"{self.distribution} {self.version}".rstrip()


def installed_sources() -> Iterator[PluginSource]:
    """The plugins of all installed distributions."""
    for point in entry_points(group=GROUP):
        distribution = point.dist
        name, version = (
            (distribution.name, distribution.version) if distribution else ("unknown", "")
        )
        yield PluginSource(point.name, name, version, point.load)


def file_source(path: Path) -> PluginSource:
    """A plugin in a single file; it is named after the file, without `.py`."""
    return PluginSource(path.stem, str(path), "", partial(_load_file, path), is_file=True)


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise PluginError(f"there is no plugin file {path}")
    name = f"{FILE_MODULE}{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"the plugin file {path} is no Python file; its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and type hints look their module up here
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        del sys.modules[name]
        lines = [
            f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)
        ]
        place = f"{path}:{lines[-1]}" if lines else str(path)
        raise PluginError(
            f"the plugin file cannot be loaded: {place}: {describe(error)}"
        ) from error
    return module
