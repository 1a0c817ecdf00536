"""Digests that identify data by its content."""

import hashlib
from collections.abc import Mapping

import numpy as np
from torch import Tensor

from objcentric.interfaces import Scenes, Truth

ATTRIBUTE = "attribute."
"""Prefix of tensors that hold attributes of objects; all other tensors have plain names."""


def content_sha256(title: str, tensors: Mapping[str, Tensor]) -> str:
    """Hexadecimal SHA-256 of a title and of the names, types, shapes and values of CPU tensors.

    Values are read in little-endian byte order, so that the digest is the same on every machine.
    """
    sha256 = hashlib.sha256(f"{title}\n".encode())
    for name in sorted(tensors):
        array = tensors[name].numpy()
        little_endian = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        sha256.update(f"{name} {array.dtype.name} {array.shape}\n".encode())
        sha256.update(little_endian.data)
    return sha256.hexdigest()


def sealed(protocol: str, tensors: Mapping[str, Tensor]) -> Scenes:
    """Scenes with a digest of their protocol and of all their tensors.

    Args:
        protocol: name and version.
        tensors: `images` and whatever is known of the objects: `counts`, `boxes`, `labels`,
            `segmentation`, and attributes as `attribute.NAME`.

    Raises:
        KeyError: there are no images.
    """
    truth = truth_in(tensors)
    return Scenes(**vars(truth), images=tensors["images"], sha256=content_sha256(protocol, tensors))


def truth_in(tensors: Mapping[str, Tensor]) -> Truth:
    """What tensors with the names of `sealed` say of the objects."""
    fields = {name: tensors.get(name) for name in ("counts", "boxes", "labels", "segmentation")}
    attributes = {
        name.removeprefix(ATTRIBUTE): value
        for name, value in tensors.items()
        if name.startswith(ATTRIBUTE)
    }
    return Truth(**fields, attributes=attributes)


def plain_tensors(scenes: Scenes) -> dict[str, Tensor]:
    """The tensors from which `sealed` made these scenes."""
    plain = {name: value for name, value in vars(scenes).items() if isinstance(value, Tensor)}
    return plain | {f"{ATTRIBUTE}{name}": value for name, value in scenes.attributes.items()}
