"""Reading YAML 1.2, plain data only, into nodes that know their line and column."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml import nodes as yaml_nodes
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

from objcentric.errors import DamagedFile
from objcentric.files import LARGEST_NUMBER, read_content
from objcentric.names import shortened
from objcentric.recipe.node import Entry, Node
from objcentric.recipe.problem import Mark, Problem, RecipeError

_TAG = "tag:yaml.org,2002:"
LARGEST = 2**20
"""Bytes of the largest recipe."""

DEEPEST = 50
"""Levels of mappings and lists inside each other."""

LONGEST_NUMBER = 400
"""Characters of the longest number."""

_PARSER_BUGS = (
    *(ValueError, IndexError, AttributeError, TypeError, AssertionError),
    *(RecursionError, KeyError, OverflowError),
)
"""What the YAML library raises, beside its own errors, for text that is not YAML."""

_TEXT = {_TAG + kind for kind in ("str", "timestamp", "merge", "value")}


def read_file(path: Path, problems: list[Problem]) -> Node:
    """Reads a recipe file.

    Args:
        path: path of the file.
        problems: list to which problems are added that let the rest of the file be read.

    Raises:
        RecipeError: the file cannot be read, or is not YAML.
    """
    return read_text(text_of(path), Mark(str(path), 1, 1), problems)


def read_text(text: str, mark: Mark, problems: list[Problem], path: str = "") -> Node:
    """Reads a value.

    Args:
        text: YAML.
        mark: where the text starts; if it has no line, all values inside share this mark.
        problems: as for `read_file`.
        path: path of the value in the recipe.

    Raises:
        RecipeError: the text is not YAML.
    """
    yaml = YAML(typ="safe", pure=True)
    with yaml_errors(mark, path):
        if deep := _too_deep(text):
            message = f"nested more than {DEEPEST} levels deep, which no recipe needs"
            raise RecipeError([Problem(_mark(mark, *deep), path, message)])
        with warnings.catch_warnings(action="ignore"):  # about anchors, which the reader refuses
            root = yaml.compose(text)
    if root is None:
        return Node(mark, None)
    return _Reader(yaml, mark, problems).read(root, path)


def text_of(path: Path) -> str:
    """The text of a recipe file.

    Raises:
        RecipeError: there is none, it is too large, or not in UTF-8.
    """
    file = str(path)
    try:
        return read_content(path, LARGEST).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecipeError([Problem(Mark(file), "", "the file is not text in UTF-8")]) from error
    except DamagedFile as error:
        said = str(error).removeprefix(f"{file} ")
        raise RecipeError([Problem(Mark(file), "", said)]) from error


@contextmanager
def yaml_errors(mark: Mark, path: str) -> Iterator[None]:
    """Turns the errors of the YAML library into `RecipeError`."""
    try:
        yield
    except MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        at = _mark(mark, place.line, place.column) if place else mark
        what = ": ".join(str(part) for part in (error.context, error.problem) if part)
        raise RecipeError([Problem(at, path, f"bad YAML: {what}")]) from error
    except (YAMLError, *_PARSER_BUGS) as error:
        what = (str(error).splitlines() or [type(error).__name__])[0]
        raise RecipeError([Problem(mark, path, f"bad YAML: {what}")]) from error


def _too_deep(text: str) -> tuple[int, int] | None:
    """Line and column, from 0, of the first value that is nested too deeply; None if none is."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return event.start_mark.line, event.start_mark.column
    return None


def _mark(start: Mark, line: int, column: int) -> Mark:
    return start if start.line is None else Mark(start.file, line + 1, column + 1)


class _Reader:
    def __init__(self, yaml: YAML, start: Mark, problems: list[Problem]) -> None:
        self.yaml = yaml
        self.start = start
        self.problems = problems
        self.seen: set[int] = set()

    def read(self, node: yaml_nodes.Node, path: str) -> Node:
        mark = self.mark(node)
        if id(node) in self.seen:  # an alias may also form a loop, or grow without bounds
            self.report(mark, path, "aliases (*name) are not supported; write the value out")
            return Node(mark, None)
        self.seen.add(id(node))
        if isinstance(node, yaml_nodes.MappingNode):
            return Node(mark, self.entries(node, path))
        if isinstance(node, yaml_nodes.SequenceNode):
            items = enumerate(node.value)
            return Node(mark, tuple(self.read(item, f"{path}[{i}]") for i, item in items))
        return Node(mark, self.scalar(node, path))

    def entries(self, node: yaml_nodes.MappingNode, path: str) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            mark = self.mark(key_node)
            if not isinstance(key_node, yaml_nodes.ScalarNode):
                self.report(mark, path, "a key must be a word, not a list or a mapping")
                continue
            key = str(key_node.value)
            inside = f"{path}.{key}" if path else key
            if key in entries:
                first = entries[key].mark.line
                self.report(mark, inside, f"duplicate key; it is first given in line {first}")
                continue
            entries[key] = Entry(mark, self.read(value_node, inside))
        return entries

    def scalar(self, node: yaml_nodes.Node, path: str) -> str | int | float | bool | None:
        value = str(node.value)
        match str(node.tag).removeprefix(_TAG):
            case "null":
                return None
            case "bool":
                return value.lower() == "true"
            case "int" | "float" as kind:
                return self.number(node, path, kind)
        if node.tag not in _TEXT:
            self.report(self.mark(node), path, f"tags are not supported, got {node.tag}")
        return value

    def number(self, node: yaml_nodes.Node, path: str, kind: str) -> int | float | None:
        """A number; long ones are refused before Python would take quadratic time for them."""
        text = str(node.value)
        try:
            if len(text) > LONGEST_NUMBER:
                raise ValueError
            if kind == "float":
                return float(self.yaml.constructor.construct_yaml_float(node))
            number = int(self.yaml.constructor.construct_yaml_int(node))
        except (ValueError, IndexError, KeyError, OverflowError):
            message = f"this is no number that can be read: {shortened(text, 40)}"
        else:
            if abs(number) <= LARGEST_NUMBER:
                return number
            message = f"whole numbers go up to 2^64, got {shortened(text, 40)}"
        self.report(self.mark(node), path, message)
        return 1  # not None, which would be a second mistake

    def mark(self, node: yaml_nodes.Node) -> Mark:
        return _mark(self.start, node.start_mark.line, node.start_mark.column)

    def report(self, mark: Mark, path: str, message: str) -> None:
        self.problems.append(Problem(mark, path, message))
