"""Valid names of recipes (`RecipeName`): folders are named after them, so they hold no path."""

import re
from typing import Annotated

from pydantic import AfterValidator

LONGEST = 100
"""Largest number of characters; file systems take about 255, and folders add seed and number."""


def _check(name: str) -> str:
    if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST - 1}}}", name):
        raise ValueError(
            f"expected a name of at most {LONGEST} letters (a-z, A-Z), digits and -_. that starts "
            "with a letter or a digit"
        )
    return name


RecipeName = Annotated[str, AfterValidator(_check)]
"""Letters, digits and `-_.`; starts with a letter or a digit; at most 100 characters."""
