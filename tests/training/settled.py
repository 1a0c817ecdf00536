"""A plugin in one file: a scene model that has settled, whatever it is shown."""

from typing import Literal

import torch

from objcentric.interfaces import Inference, Objective, SceneModel

SLOTS = 2


class Settled(SceneModel):
    """Finds as many objects as it is told, each in its part of the canvas.

    Args:
        present: how many slots are present.
        draws: whether they explain the image.
    """

    def __init__(
        self, image_shape: tuple[int, int, int], *, present: Literal[0, 1, 2], draws: bool
    ) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))
        _, self.height, self.width = image_shape
        self.present, self.draws = present, draws

    @property
    def abilities(self):
        return frozenset({"presence", "boxes"})

    def objective(self, image, progress):
        nll = image.flatten(1).mean(1).detach()
        return Objective((self.weight**2).sum(), {"nll": nll}, self._presence(image))

    def infer(self, image):
        n, middle = len(image), self.width // 2
        masks = torch.zeros(n, 1 + SLOTS, self.height, self.width)
        if self.draws:
            masks[:, 1, :, :middle] = masks[:, 2, :, middle:] = 1
        else:
            masks[:, 0] = 1
        left = [0, 0, middle, self.height]
        boxes = torch.tensor([left, [middle, 0, self.width, self.height]]).float()
        presence, slots = self._presence(image), torch.zeros(n, SLOTS, 1)
        canvas = image if self.draws else torch.zeros_like(image)
        return Inference(presence, presence, slots, canvas, masks, boxes.expand(n, -1, -1))

    def _presence(self, image):
        return (torch.arange(SLOTS) < self.present).float().expand(len(image), -1)
