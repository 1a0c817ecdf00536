"""Differences between the settings of two recipes (`changed_settings`)."""

from collections.abc import Mapping
from typing import Any

EPOCHS = "training.epochs"
"""The only setting of what is trained that may change on resuming: it may grow."""

ENGINE = "training.engine"
"""How steps are executed. That is no part of what is trained, so it may change on resuming."""


def changed_settings(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """The settings that differ, by path, as (before, now); `unset` if there is no such setting.

    A larger number of epochs does not count as a difference, and neither does another engine.

    Args:
        before: nested settings of a resolved recipe.
        now: nested settings of another resolved recipe.
    """
    old, new = _flat(before), _flat(now)
    changed = {
        key: (old.get(key, "unset"), new.get(key, "unset"))
        for key in sorted(old.keys() | new.keys())
        if repr(old.get(key)) != repr(new.get(key))  # NaN is itself here, and 1 is not True
    }
    changed.pop(ENGINE, None)
    if EPOCHS in changed and new[EPOCHS] > old[EPOCHS]:
        del changed[EPOCHS]
    return changed


def _flat(settings: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Every setting by its path."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, dict) and value:
            found |= _flat(value, f"{path}{key}.")
        else:
            found[f"{path}{key}"] = value
    return found
