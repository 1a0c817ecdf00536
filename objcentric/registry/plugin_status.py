"""What there is to say about a plugin."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PluginStatus:
    """The health of a plugin.

    Attributes:
        plugin: its name.
        distribution: what was installed to get it, or the file it was loaded from.
        version: the distribution's; empty for a file.
        components: canonical names of those that work.
        errors: what does not work; a healthy plugin has none.
    """

    plugin: str
    distribution: str
    version: str
    components: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        return not self.errors
