"""Merging recipes: `extends` (`extend`) and values on the command line (`override`)."""

from objcentric.recipe.node import Entry, Node

_HEADER = ("name", "description")


def extend(parent: Node, child: Node) -> Node:
    """Merges a recipe over the one that it extends; name and description are never inherited."""
    entries = {key: entry for key, entry in parent.entries.items() if key not in _HEADER}
    return override(Node(parent.mark, entries), child)


def override(base: Node, over: Node) -> Node:
    """Replaces some values of a recipe.

    Mappings are merged; everything else is replaced. If `over` names another component, the options
    of the old one are dropped; if it names the same component, they are kept. A learning rate in
    the model belongs to the place, so it is kept when the component changes.
    """
    return _merge(base, over, in_model=False)


def _merge(base: Node, over: Node, *, in_model: bool) -> Node:
    name, new_name = component_name(base), component_name(over)
    if new_name is not None and not _same(name, new_name):
        return _with_rate_of(base, over) if in_model else over
    if isinstance(over.value, str) and base.is_mapping:
        over = Node(over.mark, {"use": Entry(over.mark, over)})
    if isinstance(base.value, str) and over.is_mapping:
        base = Node(base.mark, {"use": Entry(base.mark, base)})
    if not (base.is_mapping and over.is_mapping):
        return over
    merged = dict(base.entries)
    for key, entry in over.entries.items():
        before = merged.get(key)
        if before is not None:
            below = in_model or key == "model"
            entry = Entry(entry.mark, _merge(before.node, entry.node, in_model=below))
        merged[key] = entry
    # The command line has no lines: a mapping that it changes inside keeps its mark in the file.
    return Node(base.mark if over.mark.line is None else over.mark, merged)


def _with_rate_of(base: Node, over: Node) -> Node:
    """The new component, with the learning rate of its place unless it sets its own."""
    rate = base.entries.get("lr")
    if rate is None or "lr" in over.entries:
        return over
    named = over.entries or {"use": Entry(over.mark, over)}
    return Node(over.mark, {**named, "lr": rate})


def component_name(node: Node | None) -> str | None:
    """The component name in a value, written `sum` or `{use: sum}`; None if there is none."""
    if node is None:
        return None
    use = node.at("use") or node
    return use.value if isinstance(use.value, str) else None


def _same(name: str | None, other: str | None) -> bool:
    """Whether two names, short or canonical, mean the same component."""
    if name is None or other is None:
        return name is other
    return name == other or name.endswith(f".{other}") or other.endswith(f".{name}")
