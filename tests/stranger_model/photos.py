"""A stranger's scenes, in one file: images of which nothing is known."""

import torch

from objcentric.interfaces import Scenes, SceneSource


class Photos(SceneSource):
    """Grey squares on black; nobody has counted them."""

    def __init__(self, *, n: int = 20) -> None:
        self.n = n

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (1, 12, 12)

    def scenes(self, split):
        seed = ("train", "validation", "test").index(split)
        generator = torch.Generator().manual_seed(seed)
        images = torch.zeros(self.n, 1, 12, 12, dtype=torch.uint8)
        for image in images:
            y, x = torch.randint(0, 9, (2,), generator=generator).tolist()
            image[:, y : y + 4, x : x + 4] = 200
        return Scenes(images=images, sha256=f"{split}-{self.n}")
