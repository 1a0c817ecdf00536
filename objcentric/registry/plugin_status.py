"""The status of a plugin, as `objcentric plugins` lists it (`PluginStatus`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PluginStatus:
    """The health of a plugin.

    Attributes:
        plugin: name of the plugin.
        distribution: the installed distribution that contains it, or its file.
        version: version of the distribution; empty for a file.
        components: canonical names of the components that work.
        errors: what does not work; empty for a healthy plugin.
    """

    plugin: str
    distribution: str
    version: str
    components: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        return not self.errors
