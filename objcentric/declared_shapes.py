"""Components that return another shape or dtype than their interface declares are refused
(`check_first_calls`)."""

import re
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from objcentric.component_calls import Call, Declared, declared_tensors, watch_calls
from objcentric.scene import SceneSpec

SHARED = ("S", "B", "K", "C", "H", "W", "N")
"""Dimensions that mean the same in all parts of what is returned; others are those of a part."""


class WrongOutput(TypeError):
    """A component returned something that its interface does not allow."""


def check_first_calls(model: nn.Module, image_shape: tuple[int, int, int]) -> None:
    """Compares what components return with the annotations of their interfaces.

    Each method is checked when it is first called, and never again. A dimension of size 1 would
    otherwise be broadcast silently: the training runs, and learns something else.

    Args:
        model: its components are checked.
        image_shape: `(C, H, W)` of an image.

    The call of a component raises `WrongOutput` if a tensor has another shape or dtype.
    """
    sizes = dict(zip("CHW", image_shape, strict=True))
    scenes = [getattr(part, "scene", None) for part in model.modules()]
    for scene in scenes:
        if isinstance(scene, SceneSpec):
            where, what = scene.where_dim, scene.what_dim
            sizes |= {"where": where, "where.D": where, "what": what, "what.D": what}
    watch_calls(model, lambda call: _check(call, sizes), once=True)


def _check(call: Call, fixed: Mapping[str, int]) -> None:
    sizes: dict[str, int] = {}
    given = [
        declared
        for name, value in call.arguments.items()
        for declared in declared_tensors(call.hints.get(name), value)
    ]
    for declared in given:
        _matches(declared, sizes)  # only learns sizes: the arguments are not the component's
    sizes = {**fixed, **sizes}
    for declared in declared_tensors(call.hints["return"], call.returned):
        name = f"{call.method} returned {declared.path or 'a tensor'}"
        before = dict(sizes)
        if not _matches(declared, sizes):
            raise WrongOutput(
                f"{name} of shape {declared.shape}; expected "
                f"({_said(declared, before)}), which is ({declared.dimensions.strip()})"
            )
        _refuse_dtype(name, declared, [g.tensor for g in given if g.tensor is not None])


def _matches(declared: Declared, sizes: dict[str, int]) -> bool:
    """Whether a shape is the declared one; sizes that were not known yet are added."""
    names = declared.dimensions.split()
    if any(name.startswith("*") for name in names):
        return True
    open_ended = bool(names) and names[-1] == "..."
    names = names[:-1] if open_ended else names
    if len(declared.shape) < len(names) or (len(declared.shape) > len(names) and not open_ended):
        return False
    for name, size in zip(names, declared.shape, strict=False):
        key = _key(declared, name)
        if (wanted := _size(key, sizes)) is None:
            sizes[key] = size
        elif wanted != size:
            return False
    return True


def _key(declared: Declared, name: str) -> str:
    """A dimension as it is remembered: `D` of `where.sample` and of `what.sample` are two."""
    part, _, _ = declared.path.rpartition(".")
    shared = not part or re.split(r"\W", name)[0] in SHARED or name.isdigit()
    return name if shared else f"{part}.{name}"


def _size(key: str, sizes: Mapping[str, int]) -> int | None:
    """The size of a dimension such as `K`, `K+1` or `4`; None if it is not known."""
    if key in sizes:
        return sizes[key]
    if key.isdigit():
        return int(key)
    name, plus, more = key.partition("+")
    return sizes[name] + int(more) if plus and more.isdigit() and name in sizes else None


def _said(declared: Declared, sizes: Mapping[str, int]) -> str:
    """The sizes that are expected; an unknown one by its name."""
    names = declared.dimensions.split()
    found = [_size(_key(declared, name), sizes) for name in names]
    return ", ".join(
        name if size is None else str(size) for name, size in zip(names, found, strict=True)
    )


def _refuse_dtype(name: str, declared: Declared, given: Iterable[Tensor]) -> None:
    """Refuses a dtype that is not declared, and float64 that comes from nowhere.

    Raises:
        WrongOutput: the dtype is wrong.
    """
    if declared.tensor is None:
        return
    dtype = declared.tensor.dtype
    if declared.dtypes and str(dtype).removeprefix("torch.") not in declared.dtypes:
        raise WrongOutput(f"{name} of dtype {dtype}; expected one of {', '.join(declared.dtypes)}")
    floats = [tensor.dtype for tensor in given if tensor.is_floating_point()]
    if dtype == torch.float64 and floats and torch.float64 not in floats:
        raise WrongOutput(f"{name} of dtype {dtype}; expected {floats[0]}, as its inputs have")
