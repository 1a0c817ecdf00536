"""Where the settings of two recipes differ."""

from collections.abc import Mapping
from typing import Any

EPOCHS = "training.epochs"
"""The one setting of a run that may change when it is resumed: it may grow."""


def changed_settings(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """The settings that differ, by path, before and now; `unset` where there is none.

    More epochs than before are no difference.

    Args:
        before: nested settings of a resolved recipe.
        now: likewise.
    """
    old, new = _flat(before), _flat(now)
    changed = {
        key: (old.get(key, "unset"), new.get(key, "unset"))
        for key in sorted(old.keys() | new.keys())
        if repr(old.get(key)) != repr(new.get(key))  # NaN is itself here, and 1 is not True
    }
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
