"""Schedulers, one that is right and others that fail a check."""

from dataclasses import replace
from math import prod

import torch
from broken.presences import Dear, Eager
from torch import nn

from objcentric.drafts import Drafts, Latent
from objcentric.interfaces import Scheduler
from objcentric.normal import Normal
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec


class AtOnce(Scheduler):
    """All slots from one layer."""

    offers = frozenset({"ordered presence"})
    presence = OrderedPresence

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.layer = nn.Linear(prod(scene.image_shape), scene.objects * (1 + 2 * scene.where_dim))

    def forward(self, image, perception):
        dim = self.scene.where_dim
        outputs = self.layer(image.flatten(1)).unflatten(1, (self.slots, -1))
        logits, loc, raw = outputs.split([1, dim, dim], -1)
        where = self.choose(Normal(loc, self.scale(raw), validate_args=False), perception)
        what = perception.look(image, where.sample)
        layers = perception.draw(what.sample, where.sample)
        presence = self.presence(self.adjust(logits.squeeze(-1)), validate_args=False)
        return Drafts(presence, where, what, layers)

    def scale(self, raw):
        return torch.tanh(raw).exp()

    def adjust(self, logits):
        return logits

    def choose(self, posterior, perception):
        return perception.choose(posterior)


class Stubborn(AtOnce):
    def choose(self, posterior, perception):
        return replace(perception.choose(posterior), sample=posterior.mean + 0.5)


class Moody(AtOnce):
    def adjust(self, logits):
        return logits + torch.randn(())


class Silent(AtOnce):
    offers = frozenset()


class EagerScheduler(AtOnce):
    presence = Eager


class DearScheduler(AtOnce):
    presence = Dear


class Unteachable(AtOnce):
    def choose(self, posterior, perception):
        fixed = Normal(posterior.loc.detach(), posterior.scale.detach(), validate_args=False)
        return Latent(fixed, perception.choose(fixed).sample)


class Unbounded(AtOnce):
    def scale(self, raw):
        return (20 * raw).exp()


GOOD = [AtOnce]
BROKEN = {
    "proposals_are_chosen": Stubborn,
    "no_chance_of_its_own": Moody,
    "offered_presence": Silent,
    "presence_samples": EagerScheduler,
    "presence_kl": DearScheduler,
    "proposals_can_be_learnt": Unteachable,
    "drifting_slots": Unbounded,
}
