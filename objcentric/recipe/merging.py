"""What is said later, of what was said before: `extends` and overrides."""

from dataclasses import replace

from objcentric.recipe.node import Entry, Node

_HEADER = ("name", "description")


def extend(parent: Node, child: Node) -> Node:
    """A recipe on top of the one that it extends. Name and description are never inherited."""
    entries = {key: entry for key, entry in parent.entries.items() if key not in _HEADER}
    return override(Node(parent.mark, entries), child)


def override(base: Node, over: Node) -> Node:
    """A recipe with some of its values replaced.

    Mappings are merged, everything else is replaced. Naming another component drops the options of
    the one that was there; naming the same one again keeps them.
    """
    return _forget_replaced(base, _merge(base, over))


def _merge(base: Node, over: Node) -> Node:
    name, new_name = component_name(base), component_name(over)
    if new_name is not None and not _same(name, new_name):
        return over
    if isinstance(over.value, str) and base.is_mapping:
        return _merge(base, Node(over.mark, {"use": Entry(over.mark, over)}))
    if isinstance(base.value, str) and over.is_mapping:
        base = Node(base.mark, {"use": Entry(base.mark, base)})
    if not (base.is_mapping and over.is_mapping):
        return over
    merged = dict(base.entries)
    for key, entry in over.entries.items():
        before = merged.get(key)
        merged[key] = (
            entry if before is None else replace(entry, node=_merge(before.node, entry.node))
        )
    # A mapping that the command line only reaches into is still where its file has it.
    return Node(base.mark if over.mark.line is None else over.mark, merged)


def component_name(node: Node | None) -> str | None:
    """The component that a value names: `sum` and `{use: sum}` are the same."""
    if node is None:
        return None
    use = node.at("use") or node
    return use.value if isinstance(use.value, str) else None


def _same(name: str | None, other: str | None) -> bool:
    """Whether two names are of one component; a short name is that of its canonical one."""
    if name is None or other is None:
        return name is other
    return name == other or name.endswith(f".{other}") or other.endswith(f".{name}")


def _forget_replaced(base: Node, merged: Node) -> Node:
    """Marks learning rates that were given for the inside of a component which is now another."""
    rates, before = merged.at("training", "lr_of"), base.at("training", "lr_of")
    if rates is None or before is None or not rates.is_mapping:
        return merged
    entries = {
        key: replace(entry, moot=True)
        if before.entries.get(key) == entry and _replaced(key, base, merged)
        else entry
        for key, entry in rates.entries.items()
    }
    return merged.with_value(("training", "lr_of"), Node(rates.mark, entries))


def _replaced(path: str, base: Node, merged: Node) -> bool:
    """Whether a component on the way to `path`, or there, is another than it was."""
    keys = path.split(".")
    for depth in range(1, len(keys) + 1):
        old, new = base.at("model", *keys[:depth]), merged.at("model", *keys[:depth])
        if (old is None) != (new is None) or not _same(component_name(old), component_name(new)):
            return True
    return False
