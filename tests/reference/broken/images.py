"""Compositors, likelihoods and baselines that fail a check."""

import math

import torch
from torch.nn import functional as F

from objcentric.drafts import Layers
from objcentric.interfaces import Likelihood
from objcentric.masks import with_background
from objcentric.testing.partners.add import Add
from objcentric.testing.partners.gray import Gray
from objcentric.testing.partners.linear_baseline import LinearBaseline


class Ghosts(Add):
    """Everybody is faintly there when nobody is."""

    def forward(self, layers, presence):
        nobody = (presence.sum(-1) == 0)[..., None, None, None]
        return super().forward(layers, presence) + 0.1 * nobody * layers.color.sum(1)


class Company(Add):
    """Everybody is faintly there when somebody is."""

    def forward(self, layers, presence):
        somebody = presence.amax(-1)[..., None, None, None]
        return super().forward(layers, presence) + 0.1 * somebody * layers.color.sum(1)


class Mingled(Add):
    def forward(self, layers, presence):
        return super().forward(layers, 0.9 * presence + 0.1 * presence.mean(0))


class LastFirst(Add):
    """Its prefixes begin with the last object."""

    def prefixes(self, layers, behind=None):
        return super().prefixes(Layers(layers.color.flip(1)), behind)


class Uncovered(Add):
    """Nothing hides anything, it says."""

    def prefix_shares(self, layers):
        return torch.ones_like(layers.color[:, :, 0])


class YesOrNo(Add):
    def forward(self, layers, presence):
        return super().forward(layers, (presence >= 0.5).to(presence))


class Overfull(Add):
    """Objects that overlap each explain the pixel."""

    def masks(self, layers, presence):
        opacity = presence[..., None, None] * layers.color.amax(2).clamp(0, 1)
        return with_background(opacity)


class Haunted(Add):
    """Absent objects explain pixels."""

    def masks(self, layers, presence):
        return super().masks(layers, torch.ones_like(presence))


class Dismissive(Add):
    """All is background."""

    def masks(self, layers, presence):
        masks = torch.zeros_like(super().masks(layers, presence))
        masks[:, :, 0] = 1
        return masks


class Competing(Add):
    """Slots share every pixel by a softmax of their mask logits, as far as they are there."""

    needs = frozenset({"mask logits"})

    def forward(self, layers, presence):
        return (self.masks(layers, presence)[:, :, 1:, None] * layers.color).sum(2)

    def masks(self, layers, presence):
        logits = layers.mask_logits[:, :, 0]
        ahead = (logits - logits.amax(1, keepdim=True)).clamp(min=-40)  # one slot may be alone
        weights = presence[..., None, None] * ahead.exp()
        total = weights.sum(2, keepdim=True)
        return with_background(weights / total.where(total > 0, 1.0))


class SecretReader(Gray):
    """Depends on the image, and does not say so."""

    def forward(self, image):
        return super().forward(image) + 0.1 * image


class Gauss(Likelihood):
    """Gaussian pixels of standard deviation ½."""

    def log_prob(self, image, canvas):
        return -2 * (image - canvas).square().sum((-1, -2, -3))

    def log_constant(self, image):
        return -image[0].numel() * math.log(0.5 * math.sqrt(2 * math.pi))


class Unnormalised(Gauss):
    def log_constant(self, image):
        return 0.0


class Negative(Gauss):
    def log_prob(self, image, canvas):
        return super().log_prob(image, 1 - canvas)


class Comparing(Gauss):
    def log_prob(self, image, canvas):
        scores = super().log_prob(image, canvas)
        return scores + 0.1 * (scores - scores.mean(0))


class Peeping(LinearBaseline):
    """Sees the slot that it is to predict."""

    def forward(self, context):
        slots = torch.cat([context.where, context.what], -1)
        return super().forward(context) + F.linear(slots, self.of_slot.weight).squeeze(-1)


GOOD = [Add, Competing, Gauss]
BROKEN = {
    "empty_scene": Ghosts,
    "absent_objects": Company,
    "assignments_apart": Mingled,
    "prefixes_in_one_pass": LastFirst,
    "shares_of_prefixes": Uncovered,
    "relaxed_presence": YesOrNo,
    "masks_add_up": Overfull,
    "masks_of_absent_objects": Haunted,
    "mask_of_one_object": Dismissive,
    "reading_stated": SecretReader,
    "normalised": Unnormalised,
    "prefers_what_is_there": Negative,
    "images_apart": Comparing,
    "looks_back_only": Peeping,
}
