"""The base class of streams that make scenes from counted bits (`TensorStream`)."""

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import replace
from typing import get_args

import torch
from jaxtyping import Int64, Shaped, UInt8
from torch import Tensor

from objcentric.interfaces import Scenes, SceneStream, Truth, TruthName
from objcentric_scenes.digest import sealed, truth_in
from objcentric_scenes.endless.bits import Bits, CountedBits

PIECE = {"cpu": 128, "cuda": 4096}
"""Scenes made at once. On a CPU, few fit its caches; on a GPU, many fill it."""

ALL: tuple[TruthName, ...] = get_args(TruthName)


class TensorStream(SceneStream):
    """Makes scenes as tensors from random bits that are counted.

    Args:
        seed: seed of the data.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    @abstractmethod
    def made(
        self, bits: Bits, known: Collection[TruthName] = ALL
    ) -> dict[str, Shaped[Tensor, "n ..."]]:
        """The scenes of some random bits, as tensors with the names of `digest.sealed`."""

    def at(
        self, numbers: Int64[Tensor, " n"], known: Collection[TruthName] = ALL
    ) -> tuple[UInt8[Tensor, "n C H W"], Truth]:
        tensors = self._joined(numbers, known)
        return tensors["images"], truth_in(tensors)

    def first(self, n: int, protocol: str) -> Scenes:
        """The first scenes, with the stream of all.

        Args:
            n: how many.
            protocol: name and version, which are part of the digest.
        """
        scenes = sealed(f"{protocol}, endless", self._joined(torch.arange(n), ALL))
        return replace(scenes, stream=self)

    @torch.no_grad()
    def _joined(
        self, numbers: Int64[Tensor, " n"], known: Collection[TruthName]
    ) -> dict[str, Shaped[Tensor, "n ..."]]:
        pieces = numbers.split(PIECE.get(numbers.device.type, 1024))
        made = [self.made(CountedBits(self.seed, piece), known) for piece in pieces]
        return {name: torch.cat([piece[name] for piece in made]) for name in made[0]}
