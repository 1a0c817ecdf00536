"""Options of the form OPTION=VALUE on the command line (`stated_options`)."""

from collections.abc import Sequence

from objcentric.recipe.node import Node, Plain
from objcentric.recipe.overriding import apply_overrides
from objcentric.recipe.problem import COMMAND_LINE, Mark, Problem
from objcentric.testing.errors import OptionError


def stated_options(texts: Sequence[str]) -> dict[str, Plain]:
    """Options by name, from texts such as `std=0.3` or `baseline.hidden=16`; values are YAML.

    Raises:
        OptionError: a text does not have this form.
    """
    problems: list[Problem] = []
    found = apply_overrides(Node(Mark(COMMAND_LINE), {}), texts, problems).plain()
    if problems:
        raise OptionError("\n".join(str(problem) for problem in problems))
    assert isinstance(found, dict)
    return found
