"""Scene models that fail a check."""

from dataclasses import replace

import torch

from objcentric.testing.partners.rectangles import Rectangles

GOOD = [Rectangles]


class Attached(Rectangles):
    """Reports the loss itself as a term."""

    def objective(self, image, progress):
        found = super().objective(image, progress)
        return replace(found, terms={"loss": found.loss.expand(len(image))})


class Guessing(Rectangles):
    """Infers a sample."""

    def infer(self, image):
        found = super().infer(image)
        return replace(found, canvas=found.canvas + torch.randn(()))

    def redraw(self, image, inference):
        return inference.canvas


class Comparing(Rectangles):
    """Finds what is brighter than the other images are."""

    def infer(self, image):
        return super().infer(image - image.mean())


class Unsure(Rectangles):
    """Says that an object is half there."""

    def infer(self, image):
        found = super().infer(image)
        return replace(found, presence=found.presence_probs)

    def redraw(self, image, inference):
        whole = (inference.presence > 0.5).to(image)  # or it would fail that check as well
        return super().redraw(image, replace(inference, presence=whole))


class Unclaimed(Rectangles):
    """Says of dark pixels that nobody explains them."""

    def infer(self, image):
        found = super().infer(image)
        return replace(found, masks=found.masks * (image > 0.5))


class Boastful(Rectangles):
    """Says that it can draw scenes."""

    def generate(self, n):
        self._cannot("generate")


class Brightening(Rectangles):
    """Redraws everything a little brighter."""

    def redraw(self, image, inference):
        return super().redraw(image, inference) + 0.1


BROKEN = {
    "objective_reported": Attached,
    "inference_is_settled": Guessing,
    "inference_an_image": Comparing,
    "inferred_presence": Unsure,
    "inferred_masks": Unclaimed,
    "abilities_told": Boastful,
    "redrawn": Brightening,
}
