"""Validation of plain values by pydantic, with errors at the right line (`validate`)."""

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, PydanticSchemaGenerationError, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticSerializationError

from objcentric.names import did_you_mean, shortened
from objcentric.recipe.node import Node
from objcentric.recipe.problem import Mark, Problem


class Invalid:
    """What `validate` returns for a value that is not valid; the problems say why."""


def validate(node: Node, annotation: Any, path: str, problems: list[Problem]) -> Any:
    """A value of the annotated type, or `Invalid`.

    The value is read as strict JSON: a list may become a tuple, but a text never becomes a number.

    Args:
        node: the value that the recipe writes.
        annotation: its type, with pydantic's constraints if it has any.
        path: path of the value in the recipe.
        problems: list to which problems are added.
    """
    try:
        return TypeAdapter(annotation).validate_json(json.dumps(node.plain()), strict=True)
    except PydanticSchemaGenerationError:
        message = f"the component takes {annotation!r} here, which no recipe can write"
        problems.append(Problem(node.mark, path, message))
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems += _one_for_each_place(_problem(d, node, annotation, path) for d in details)
    return Invalid


def validate_default(default: Any, annotation: Any) -> Any:
    """Validates a component's default by the same rules.

    Raises:
        TypeError: the default does not fit its type, or no recipe could write it.
    """
    try:
        return TypeAdapter(annotation).validate_json(
            json.dumps(as_written(default, annotation)), strict=True
        )
    except (PydanticSchemaGenerationError, PydanticSerializationError, ValidationError) as error:
        raise TypeError(f"its default, {default!r}, is not a valid {annotation!r}") from error


def as_written(value: Any, annotation: Any) -> Any:
    """The value as a recipe writes it: the inverse of `validate`."""
    return TypeAdapter(annotation).dump_python(value, mode="json", warnings=False)


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The message about an unknown key."""
    names = list(known)
    listed = ", ".join(names) or "none"
    return f"unknown key {shortened(repr(key))}{did_you_mean(key, names)}; known here: {listed}"


def refuse_unknown(node: Node, path: str, known: Iterable[str], problems: list[Problem]) -> None:
    """Reports the unknown keys of a mapping.

    Args:
        node: the mapping.
        path: its path in the recipe; empty for the recipe itself.
        known: the valid keys.
        problems: list to which problems are added.
    """
    names = list(known)
    for key, entry in node.entries.items():
        if key not in names:
            inside = f"{path}.{key}" if path else key
            problems.append(Problem(entry.mark, inside, unknown_key(key, names)))


def shown(node: Node) -> str:
    """A value, shortened for a message."""
    text = json.dumps(node.plain(), ensure_ascii=False)
    return shortened(text)


def _one_for_each_place(problems: Iterable[Problem]) -> list[Problem]:
    """Joins problems at the same place: alternatives of a union are one mistake, not several."""
    places: dict[str, Problem] = {}
    for problem in problems:
        before = places.get(problem.path)
        if before is not None and before.message != problem.message:
            problem = Problem(before.mark, before.path, f"{before.message}; or {problem.message}")
        places[problem.path] = problem
    return list(places.values())


def _problem(detail: ErrorDetails, node: Node, annotation: Any, path: str) -> Problem:
    place, key_mark, path = _locate(node, detail["loc"], path)
    message = detail["msg"].removeprefix("Value error, ")
    match detail["type"]:
        case "extra_forbidden":
            model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
            known = annotation.model_fields if model else ()
            return Problem(key_mark, path, unknown_key(str(detail["loc"][-1]), known))
        case "missing":
            return Problem(place.mark, path, f"missing key {detail['loc'][-1]!r}")
        case "literal_error":
            near = did_you_mean(str(place.value), re.findall(r"'([^']*)'", message))
        case _:
            near = ""
    expected = re.sub(
        r"^\w+ should", "expected it to", message.replace("Input should be", "expected")
    )
    return Problem(place.mark, path, f"{expected}, got {shown(place)}{near}")


def _locate(node: Node, location: tuple[int | str, ...], path: str) -> tuple[Node, Mark, str]:
    """The value at pydantic's `location`, with its key's mark and its path."""
    mark = node.mark
    for step in location:
        if isinstance(step, int) and isinstance(node.value, tuple) and step < len(node.value):
            node = node.value[step]
            mark, path = node.mark, f"{path}[{step}]"
        elif isinstance(step, str) and step in node.entries:
            mark, node = node.entries[step].mark, node.entries[step].node
            path = f"{path}.{step}"
        else:
            break
    return node, mark, path
