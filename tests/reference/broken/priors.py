"""Priors, one that is right and others that fail a check."""

import torch
from broken.presences import Dear, Eager
from torch.distributions import Normal, kl_divergence, register_kl

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.testing.inputs import start


class FewObjects(Prior):
    """One more object gets less probable in the first ten epochs."""

    kind = OrderedPresence

    def presence(self, progress):
        logits = 1 - 2 * self.passed(progress) + 0 * self.where_loc[:, 0]
        return self.kind(logits, validate_args=False)

    def passed(self, progress):
        return progress.between(0, 10)


class Wavering(FewObjects):
    def passed(self, progress):
        return super().passed(progress) + 1e-3 * torch.rand(())


class Endless(FewObjects):
    def passed(self, progress):
        return progress.epoch / progress.epochs


class EagerPrior(FewObjects):
    capturable = False
    kind = Eager


class DearPrior(FewObjects):
    kind = Dear


class Odd(Normal):
    pass


@register_kl(Normal, Odd)
def _kl(q, p):
    return 1.2 * kl_divergence(q, Normal(p.loc, p.scale))


class OddWhere(FewObjects):
    def where(self, progress):
        return Odd(self.where_loc, self.where_scale, validate_args=False)


class Nostalgic(FewObjects):
    def sample(self, n, progress):
        return super().sample(n, start(self.where_loc.device))


GOOD = [FewObjects]
BROKEN = {
    "progress_alone": Wavering,
    "every_moment": Endless,
    "prior_samples": EagerPrior,
    "prior_kl": DearPrior,
    "latent_kl": OddWhere,
    "sampled_scenes": Nostalgic,
}
