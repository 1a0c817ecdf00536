"""Fully connected networks (`mlp`)."""

from collections.abc import Sequence
from itertools import pairwise

from torch import nn


def mlp(sizes: Sequence[int]) -> nn.Sequential:
    """Linear layers with ReLU between them: `(..., sizes[0]) -> (..., sizes[-1])`.

    Args:
        sizes: sizes of the input, the hidden layers and the output: `mlp([784, 400, 50])`.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
