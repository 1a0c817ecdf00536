"""What is said later, of what was said before: `extends` and overrides."""

from objcentric.recipe.node import Entry, Node

_HEADER = ("name", "description")


def extend(parent: Node, child: Node) -> Node:
    """A recipe on top of the one that it extends. Name and description are never inherited."""
    entries = {key: entry for key, entry in parent.entries.items() if key not in _HEADER}
    return override(Node(parent.mark, entries), child)


def override(base: Node, over: Node) -> Node:
    """A recipe with some of its values replaced.

    Mappings are merged, everything else is replaced. Naming another component drops the options of
    the one that was there; naming the same one again keeps them. A learning rate of the model's
    belongs to the place: it outlasts the component.
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
    # A mapping that the command line only reaches into is still where its file has it.
    return Node(base.mark if over.mark.line is None else over.mark, merged)


def _with_rate_of(base: Node, over: Node) -> Node:
    """Another component, with the learning rate of its place if it brings none of its own."""
    rate = base.entries.get("lr")
    if rate is None or "lr" in over.entries:
        return over
    named = over.entries or {"use": Entry(over.mark, over)}
    return Node(over.mark, {**named, "lr": rate})


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
