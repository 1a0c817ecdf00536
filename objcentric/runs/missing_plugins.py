"""What a run needs of plugins that are not here (`missing_plugins`)."""

import json
import re
from pathlib import Path

from objcentric.registry import Registry


def missing_plugins(path: Path, registry: Registry) -> str:
    """One line for the user on plugins that a run was trained with and that are missing now.

    Empty if none is missing. A file counts whether or not the recipe names it, because it may have
    added a section to recipes.

    Args:
        path: the run folder or the pack.
        registry: the plugins that are here.
    """
    recorded = _recorded(path)
    recipe = (path / "recipe.yaml").read_text(encoding="utf-8", errors="replace")
    lines = [
        _advice(name, origin)
        for name, origin in recorded.items()
        if name not in registry.names
        and (origin.endswith(".py") or re.search(rf"\b{re.escape(name)}\.\w", recipe))
    ]
    return f"{path} was trained with {'; and with '.join(lines)}" if lines else ""


def _advice(name: str, origin: str) -> str:
    if not origin.endswith(".py"):
        return f"the plugin {name!r} of {origin}, which is not installed"
    file = Path(origin)
    shown = file if file.is_file() else file.name
    return (
        f"the plugin file {file.name}, which is not loaded by itself: pass --plugin {shown} on the "
        f"command line, plugins=[{str(shown)!r}] in Python"
    )


def _recorded(path: Path) -> dict[str, str]:
    """Origins of the plugins of the training by name; empty if the summary does not say."""
    try:
        summary = json.loads((path / "summary.json").read_bytes())
        plugins = summary["versions"]["plugins"]
        return {str(name): str(origin) for name, origin in plugins.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
