"""The handwritten digits that scikit-learn ships, which need no download (`Bundled`)."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Int64, UInt8

from objcentric.extras import needing
from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric_scenes.randomness import raw_bits
from objcentric_scenes.resampling import keys_cubic, resize

TRAIN = 1500
"""Number of the 1,797 digits that are for training; the others are for testing."""

_SIZE = 20
_MARGIN = 4
# These two give an image the same share of ink as MNIST (13.3%), and about the same share of edges.
_THRESHOLD = 0.6
_STEEPNESS = 14.0
_SPLIT_SEED = 0


class Bundled(SpriteSource):
    """The 8×8 digits that scikit-learn ships (Alpaydin & Kaynak 1998), made to look like MNIST.

    They are enlarged bicubically to 20×20, sharpened by a logistic curve, and padded to 28×28. The
    curve turns the blur of the enlargement into pen strokes with soft edges. A fixed seed chooses
    1,500 digits for training and validation; the other 297 are for testing.
    """

    def sprites(self, split: Split) -> Sprites:
        table = _digits()
        chosen = table[_members(split, len(table))]
        images = _pen_strokes(rearrange(chosen[:, :-1], "n (h w) -> n h w", h=8))
        return Sprites(
            images=torch.from_numpy(rearrange(images, "n h w -> n 1 h w")),
            labels=torch.from_numpy(chosen[:, -1].copy()),
        )


def _digits() -> Int64[np.ndarray, "digits 65"]:
    """scikit-learn's digits: 64 gray levels from 0 to 16 by row, and the class.

    The file is read where scikit-learn keeps it. `load_digits` would do the same, but importing
    scikit-learn takes longer than everything else that a first training step waits for, torch
    apart.
    """
    with needing("scikit-learn", "sklearn", "the bundled digits"):
        package = find_spec("sklearn")
        if package is None or package.origin is None:
            raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")
    file = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    return np.loadtxt(file, delimiter=",", dtype=np.int64)


def _members(split: Split, n: int) -> Int64[np.ndarray, " members"]:
    """Which digits belong to a split."""
    order = raw_bits(_SPLIT_SEED, 0, n, 1)[:, 0].argsort(kind="stable")
    return order[TRAIN:] if split == "test" else order[:TRAIN]


def _pen_strokes(ink: Int64[np.ndarray, "N 8 8"]) -> UInt8[np.ndarray, "N 28 28"]:
    """Enlarged and sharpened digits, from digits with 17 levels of gray, 0 to 16."""
    grey = ((255 * ink + 8) // 16).astype(np.uint8)
    sharp = _logistic_curve()[resize(grey, _SIZE, keys_cubic)]
    return np.pad(sharp, ((0, 0), (_MARGIN, _MARGIN), (_MARGIN, _MARGIN)))


def _logistic_curve() -> UInt8[np.ndarray, " 256"]:
    """Intensity after sharpening for each intensity before; black and white stay as they are.

    A table, because `exp` rounds differently on different machines, which must not change a pixel.
    """
    before = np.arange(256) / 255
    curve = 1 / (1 + np.exp(-_STEEPNESS * (before - _THRESHOLD)))
    curve = (curve - curve[0]) / (curve[-1] - curve[0])
    return np.asarray((255 * curve).round(), dtype=np.uint8)
