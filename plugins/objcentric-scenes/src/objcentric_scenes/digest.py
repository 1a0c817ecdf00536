"""Digests that identify data by its content."""

import hashlib
from collections.abc import Mapping

import numpy as np
from torch import Tensor

from objcentric.interfaces import Scenes


def content_sha256(title: str, tensors: Mapping[str, Tensor]) -> str:
    """Hexadecimal SHA-256 of a title and of the names, types, shapes and values of CPU tensors.

    Values count in little-endian byte order, so that the digest is the same on every machine.
    """
    sha256 = hashlib.sha256(f"{title}\n".encode())
    for name in sorted(tensors):
        array = tensors[name].numpy()
        little_endian = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        sha256.update(f"{name} {array.dtype.name} {array.shape}\n".encode())
        sha256.update(little_endian.data)
    return sha256.hexdigest()


def sealed(protocol: str, tensors: Mapping[str, Tensor]) -> Scenes:
    """Scenes with the digest of the protocol that made them and of all that they hold.

    Args:
        protocol: name and version.
        tensors: one for each attribute of `Scenes` that is a tensor.

    Raises:
        KeyError: one is missing.
    """
    return Scenes(
        images=tensors["images"],
        counts=tensors["counts"],
        boxes=tensors["boxes"],
        labels=tensors["labels"],
        segmentation=tensors["segmentation"],
        sha256=content_sha256(protocol, tensors),
    )
