"""A plugin in one file, beside `tiny.py`: parts that leave nothing to chance, and a likelihood that
several processes can be watched by."""

import os

import torch
from einops import rearrange
from torch import nn

from objcentric.deterministic import Deterministic
from objcentric.drafts import Drafts
from objcentric.interfaces import Likelihood, ObjectEncoder, Scheduler
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec

SIDE, SQUARE = 12, 4  # of the images and glimpses of `tiny.py`


class CalmEncoder(ObjectEncoder):
    has_density = False

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(SQUARE * SQUARE, scene.what_dim)

    def forward(self, glimpses):
        return Deterministic(self.layer(rearrange(glimpses, "b k c h w -> b k (c h w)")))


class CalmScheduler(Scheduler):
    """All slots from one layer. It has a parameter that no step uses.

    Args:
        sure: whether presence is certain to be one code, that depends on the image.
    """

    offers = frozenset({"ordered presence"})
    has_density = False

    def __init__(self, scene: SceneSpec, *, sure: bool = False) -> None:
        super().__init__(scene)
        self.sure = sure
        self.layer = nn.Linear(SIDE * SIDE, 3 * scene.objects)
        self.idle = nn.Parameter(torch.ones(()))

    def forward(self, image, perception):
        out = rearrange(self.layer(image.flatten(1)), "b (k p) -> b k p", k=self.slots)
        logits, loc = out.split([1, 2], -1)
        logits = 1e3 * logits if self.sure else logits
        where = perception.choose(Deterministic(torch.tanh(loc)))
        what = perception.look(image, where.sample)
        layers = perception.draw(what.sample, where.sample)
        return Drafts(OrderedPresence(rearrange(logits, "b k 1 -> b k")), where, what, layers)


class Watched(Likelihood):
    """Writes down the images of each step, and fails on one rank, if wanted.

    Args:
        seen: a folder for the images of each step, as `RANK-STEP.pt`.
        fails_on: the rank that fails.
        after: steps that go well.
        how: by a value that is not finite, or by an error.
    """

    def __init__(
        self, *, seen: str | None = None, fails_on: int = -1, after: int = 3, how: str = "nan"
    ) -> None:
        super().__init__()
        self.rank = int(os.environ.get("RANK", "0"))
        self.seen, self.fails, self.after, self.how = seen, fails_on == self.rank, after, how
        self.steps = 0

    def log_prob(self, image, canvas):
        cost = ((image - canvas) ** 2 / 0.18).sum((-1, -2, -3))
        if not torch.is_grad_enabled():
            return -cost
        self.steps += 1
        if self.seen is not None:
            torch.save(image, f"{self.seen}/{self.rank}-{self.steps:03d}.pt")
        if self.fails and self.steps > self.after:
            if self.how == "error":
                raise ValueError("this rank has had enough")
            return cost * float("nan")
        return -cost
