"""Random bits that are computed from a number, the same on every device (`CountedBits`)."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import prod

import torch
from jaxtyping import Int64
from torch import Tensor

from objcentric.randomness import derived_seed

_GOLDEN = 0x9E3779B97F4A7C15 - 2**64
_FIRST = 0xBF58476D1CE4E5B9 - 2**64
_SECOND = 0x94D049BB133111EB - 2**64


class Bits(ABC):
    """Random bits of some scenes."""

    device: torch.device

    @abstractmethod
    def draw(
        self,
        purpose: int,
        *shape: int,
        attempts: range = range(1),
        rows: Int64[Tensor, " rows"] | None = None,
    ) -> Int64[Tensor, "rows attempts *shape"]:
        """64 uniform bits for each number of a shape; every call with the same arguments returns
        the same.

        Args:
            purpose: what the bits are for; purposes are independent of each other.
            shape: shape of the numbers of a scene and an attempt.
            attempts: which attempts, which are independent, too.
            rows: which of the scenes; by default all.
        """


class CountedBits(Bits):
    """SplitMix64 (Steele, Lea and Flood 2014, 10.1145/2660193.2660195), split for each purpose and
    scene.

    It needs nothing but integer multiplication, so every device computes the same bits. Scenes may
    be made in any order, and on any number of devices.

        bits = CountedBits(seed=0, scenes=torch.arange(5))
        bits.draw(0, 3).shape  # (5, 1, 3)

    Args:
        seed: at least 0.
        scenes: numbers of the scenes, at least 0.
    """

    def __init__(self, seed: int, scenes: Int64[Tensor, " n"]) -> None:
        self.seed = seed
        self.scenes = scenes
        self.device = scenes.device

    def draw(
        self,
        purpose: int,
        *shape: int,
        attempts: range = range(1),
        rows: Int64[Tensor, " rows"] | None = None,
    ) -> Int64[Tensor, "rows attempts *shape"]:
        scenes = self.scenes if rows is None else self.scenes[rows]
        keys = mixed(derived_seed("endless", self.seed, purpose) + _GOLDEN * scenes)
        numbers = prod(shape)
        first, last = attempts.start * numbers, attempts.stop * numbers
        columns = torch.arange(first + 1, last + 1, device=self.device)
        drawn = mixed(keys[:, None] + _GOLDEN * columns)
        return drawn.view(len(scenes), len(attempts), *shape)


def mixed(value: Int64[Tensor, "*shape"]) -> Int64[Tensor, "*shape"]:
    """The output function of SplitMix64. Bits beyond 64 are lost, as everywhere in torch."""
    value = (value ^ _shifted(value, 30)) * _FIRST
    value = (value ^ _shifted(value, 27)) * _SECOND
    return value ^ _shifted(value, 31)


def integers_below(
    limit: int | Int64[Tensor, "*#shape"], bits: Int64[Tensor, "*shape"]
) -> Int64[Tensor, "*shape"]:
    """Uniform integers in [0, limit), as `objcentric_scenes.randomness.integers_below`."""
    return (_shifted(bits, 32) * limit) >> 32


def weighted_choice(
    weights: Sequence[int], bits: Int64[Tensor, "*shape"]
) -> Int64[Tensor, "*shape"]:
    """Indices drawn as often as their weights say, as `objcentric_scenes.randomness` does."""
    ends = torch.tensor(weights, device=bits.device).cumsum(0)
    return torch.searchsorted(ends, integers_below(sum(weights), bits), right=True)


def _shifted(value: Int64[Tensor, "*shape"], by: int) -> Int64[Tensor, "*shape"]:
    """Bits moved to the right, with zeros in front."""
    return (value >> by) & ((1 << (64 - by)) - 1)
