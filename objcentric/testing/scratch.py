"""An empty cache folder for checks of data sources (`scratch_cache`)."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def scratch_cache() -> Iterator[None]:
    """Provides an empty cache folder and forbids downloads within the `with` block."""
    with tempfile.TemporaryDirectory(prefix="objcentric-check-") as folder:
        settings = {"OBJCENTRIC_CACHE": folder, "OBJCENTRIC_OFFLINE": "1"}
        with mock.patch.dict(os.environ, settings):
            yield
