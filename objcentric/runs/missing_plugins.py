"""What a run needs that is not here: plugins (`missing_plugins`), another version."""

import re
from pathlib import Path
from typing import Any

from objcentric.errors import DamagedFile
from objcentric.files import read_content, read_json
from objcentric.registry import Registry
from objcentric.runs.checkpoint import LARGEST_RECIPE
from objcentric.runs.stored import SUMMARY_KEYS, checked
from objcentric.runs.versions import is_another_version, written_by


def missing_plugins(path: Path, registry: Registry) -> str:
    """One line for the user on plugins that a run was trained with and that are missing now.

    Empty if none is missing. A file counts whether or not the recipe names it, because it may have
    added a section to recipes.

    Args:
        path: the run folder or the pack.
        registry: the plugins that are here.
    """
    recorded = _recorded(path)
    if not recorded:
        return ""
    content = read_content(path / "recipe.yaml", LARGEST_RECIPE)
    recipe = content.decode("utf-8", "replace")
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


def another_version(path: Path) -> str:
    """One line for the user if another version of objcentric wrote a run; empty if not."""
    summary = _summary(path)
    return f"{path} was written by {written_by(summary)}" if is_another_version(summary) else ""


def _recorded(path: Path) -> dict[str, str]:
    """Origins of the plugins of the training by name; empty if the summary does not say."""
    plugins: dict[str, str] = _summary(path).get("versions", {}).get("plugins", {})
    return plugins


def _summary(path: Path) -> dict[str, Any]:
    """The run's summary; empty if it is damaged, which is another error's business."""
    file = path / "summary.json"
    try:
        return checked(read_json(file), SUMMARY_KEYS, file)
    except DamagedFile:
        return {}
