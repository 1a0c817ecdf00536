"""The pictures and the digests of docs/scenes.md.

    python docs/figures/scenes.py [NAME …]

draws eight training scenes of each protocol, with the segmentation below, as
docs/images/scenes-NAME.png, and prints the digest of each split. It needs MNIST.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from einops import rearrange, repeat

from objcentric.interfaces import Scenes, SceneSource
from objcentric_scenes.mnist import Mnist
from objcentric_scenes.multi_dsprites import GeneralDsprites, MultiDsprites
from objcentric_scenes.multi_mnist import MultiMnist
from objcentric_scenes.multi_mnist_variants import DisjointMultiMnist, PyroMultiMnist
from objcentric_scenes.scattered import Crowded, Scattered
from objcentric_scenes.sprites import Sprites
from objcentric_scenes.sprites_on_canvas import SpritesOnCanvas
from objcentric_scenes.tetrominoes import Tetrominoes

IMAGES = Path(__file__).parents[1] / "images"
SHOWN = 8
GAP = 4
WIDTH = 128
"""Pixels of the picture that a scene is wide, or a little less."""

SOURCES: dict[str, SceneSource] = {
    "multi_mnist": MultiMnist(digits=Mnist()),
    "pyro_multi_mnist": PyroMultiMnist(digits=Mnist()),
    "disjoint_multi_mnist": DisjointMultiMnist(digits=Mnist()),
    "scattered": Scattered(digits=Mnist()),
    "crowded": Crowded(digits=Mnist()),
    "sprites": Sprites(),
    "multi_dsprites": MultiDsprites(),
    "general_dsprites": GeneralDsprites(),
    "tetrominoes": Tetrominoes(),
    "sprites_on_canvas": SpritesOnCanvas(
        sprites=Mnist(), overlap="cover", visible=0.4, colors="hsv", background="grey", noise=20
    ),
}


def strip(images: np.ndarray) -> np.ndarray:
    """Images (N, H, W, 3) side by side, enlarged by a whole number."""
    factor = WIDTH // images.shape[1]
    large = repeat(images, "n h w c -> n (h a) (w b) c", a=factor, b=factor)
    padded = np.pad(large, ((0, 0), (0, GAP), (0, GAP), (0, 0)), constant_values=255)
    return rearrange(padded, "n h w c -> h (n w) c")


def picture(scenes: Scenes) -> np.ndarray:
    """Scenes, and below them their segmentation."""
    images = rearrange(scenes.images[:SHOWN].numpy(), "n c h w -> n h w c")
    images = np.broadcast_to(images, (*images.shape[:3], 3))
    colors = np.array([(0, 0, 0), *[plt.get_cmap("tab10")(m)[:3] for m in range(10)]])
    segments = (255 * colors[scenes.segmentation[:SHOWN].numpy()]).astype(np.uint8)
    return np.concatenate([strip(images), strip(segments)])


def main(names: list[str]) -> None:
    for name in names or SOURCES:
        source = SOURCES[name]
        splits = [source.scenes(split) for split in ("train", "validation", "test")]
        sizes = ", ".join(f"{len(scenes):,}" for scenes in splits)
        digests = ", ".join(f"`{scenes.sha256[:12]}`" for scenes in splits)
        print(f"| `{name}` | {sizes} | {digests} |", flush=True)
        plt.imsave(IMAGES / f"scenes-{name}.png", picture(splits[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
