"""The project's folder, and whether its code is in it: tests may run on what is installed."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HAS_CODE = (ROOT / "objcentric").is_dir()
NO_CODE = "about the source tree, and this one has no code"

needs_the_code = pytest.mark.skipif(not HAS_CODE, reason=NO_CODE)
