"""The folder for data that can be made or downloaded again (`cache_folder`)."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """`$OBJCENTRIC_CACHE`, or `objcentric` in the user's cache folder. It need not exist."""
    if own := os.environ.get("OBJCENTRIC_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "objcentric"
