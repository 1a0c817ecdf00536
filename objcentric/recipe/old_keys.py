"""`training.lr_of`, the old place of learning rates, read as `lr` beside the component's `use`."""

from collections.abc import Iterator, Sequence

from objcentric.recipe.node import Entry, Node
from objcentric.recipe.problem import Problem
from objcentric.recipe.validation import shown

_OLD = "training.lr_of"


def in_new_form(root: Node, problems: list[Problem]) -> Node:
    """What one file or override says, without old keys: `lr_of: {estimator: 1e-2}` in `training`
    becomes `estimator: {lr: 1e-2}` in `model`.

    Args:
        root: the recipe, or the part of one that is said here.
        problems: grows by what is wrong.
    """
    rates = root.at("training", "lr_of")
    if rates is None:
        return root
    training = root.entries["training"]
    kept = {key: entry for key, entry in training.node.entries.items() if key != "lr_of"}
    new = Entry(training.mark, Node(training.node.mark, kept))
    root = Node(root.mark, {**root.entries, "training": new})
    if not rates.is_mapping:
        message = f"expected learning rates by component, got {shown(rates)}"
        problems.append(Problem(rates.mark, _OLD, message))
        return root
    for path, entry in _rates(rates, ()):
        root = _place(root, ("model", *path, "lr"), entry, problems)
    return root


def _rates(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """Every learning rate and its component's path: `estimator.baseline` is a key, or two."""
    for key, entry in node.entries.items():
        inside = (*path, *key.split("."))
        if entry.node.is_mapping:
            yield from _rates(entry.node, inside)
        else:
            yield inside, entry


def _place(
    node: Node, path: Sequence[str], entry: Entry, problems: list[Problem], walked: str = ""
) -> Node:
    """A mapping with an entry at some path below it; values that are there keep their marks."""
    if isinstance(node.value, str):
        node = Node(node.mark, {"use": Entry(node.mark, node)})
    key = path[0]
    before = node.entries.get(key)
    if not node.is_mapping or (before is not None and len(path) == 1):
        what = f"{walked}.lr is given, too" if node.is_mapping else f"{walked} is no component"
        problems.append(Problem(entry.mark, _OLD, f"{what}; write learning rates as `lr` there"))
        return node
    if len(path) > 1:
        inner = before.node if before is not None else Node(entry.mark, {})
        inside = f"{walked}.{key}".lstrip(".")
        placed = _place(inner, path[1:], entry, problems, inside)
        entry = Entry(before.mark if before is not None else entry.mark, placed)
    return Node(node.mark, {**node.entries, key: entry})
