"""Installed plugins, what they bring, and whether they work (`Registry`)."""

from objcentric.registry.component_entry import ComponentEntry
from objcentric.registry.plugin_error import PluginError
from objcentric.registry.plugin_status import PluginStatus
from objcentric.registry.registry import Registry

__all__ = ["ComponentEntry", "PluginError", "PluginStatus", "Registry"]
