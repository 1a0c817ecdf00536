"""Data sources without traces."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def scratch_cache() -> Iterator[None]:
    """An empty cache folder, and no downloads, for as long as it lasts."""
    with tempfile.TemporaryDirectory(prefix="objcentric-check-") as folder:
        settings = {"OBJCENTRIC_CACHE": folder, "OBJCENTRIC_OFFLINE": "1"}
        with mock.patch.dict(os.environ, settings):
            yield
