"""The name of a recipe, which folders are called by: never a path."""

import re
from typing import Annotated

from pydantic import AfterValidator

LONGEST = 100
"""Characters; file systems take about 255, and folders add a seed and a number."""


def _check(name: str) -> str:
    if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST - 1}}}", name):
        raise ValueError(
            f"expected a name of at most {LONGEST} letters (a-z, A-Z), digits and -_. that starts "
            "with a letter or a digit"
        )
    return name


RecipeName = Annotated[str, AfterValidator(_check)]
"""Letters, digits and `-_.`, the first of them a letter or a digit; at most 100 characters."""
