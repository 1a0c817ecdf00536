"""Old keys: `training.lr_of` is read as `lr` beside the component's `use` (`in_new_form`)."""

import logging
from collections.abc import Iterator, Sequence

from objcentric.recipe.node import Entry, Node
from objcentric.recipe.problem import Problem
from objcentric.recipe.validation import shown

_OLD = "training.lr_of"

_log = logging.getLogger(__name__)


def in_new_form(root: Node, problems: list[Problem]) -> Node:
    """Replaces the old keys of one file or override.

    `lr_of: {estimator: 1e-2}` in `training` becomes `estimator: {lr: 1e-2}` in `model`.

    Args:
        root: the recipe, or the part that this file or override contains.
        problems: list to which problems are added.
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
    new_keys = ", ".join(".".join(("model", *path, "lr")) for path, _ in _rates(rates, ()))
    _log.warning("note: %s: %s is an old key; write %s", rates.mark, _OLD, new_keys)
    for path, entry in _rates(rates, ()):
        root = _place(root, ("model", *path, "lr"), entry, problems)
    return root


def _rates(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """Every learning rate with its component's path; `a.b` may be one key or two nested ones."""
    for key, entry in node.entries.items():
        inside = (*path, *key.split("."))
        if entry.node.is_mapping:
            yield from _rates(entry.node, inside)
        else:
            yield inside, entry


def _place(
    node: Node, path: Sequence[str], entry: Entry, problems: list[Problem], walked: str = ""
) -> Node:
    """Adds an entry to a mapping, at a path below it; existing values keep their marks."""
    if isinstance(node.value, str):
        node = Node(node.mark, {"use": Entry(node.mark, node)})
    key = path[0]
    before = node.entries.get(key)
    if not node.is_mapping or (before is not None and len(path) == 1):
        what = f"{walked}.lr is also given" if node.is_mapping else f"{walked} is no component"
        problems.append(Problem(entry.mark, _OLD, f"{what}; write learning rates as `lr` there"))
        return node
    if len(path) > 1:
        inner = before.node if before is not None else Node(entry.mark, {})
        inside = f"{walked}.{key}".lstrip(".")
        placed = _place(inner, path[1:], entry, problems, inside)
        entry = Entry(before.mark if before is not None else entry.mark, placed)
    return Node(node.mark, {**node.entries, key: entry})
