"""A plugin in one file: the smallest scene model that trains, for the tests of training."""

import hashlib

import torch
from einops import rearrange, repeat
from torch import nn
from torch.nn import functional as F

from objcentric.drafts import Appearance, Drafts
from objcentric.interfaces import (
    Compositor,
    Estimate,
    Glimpser,
    GradientEstimator,
    Likelihood,
    ObjectDecoder,
    ObjectEncoder,
    Prior,
    Scenes,
    SceneSource,
    SceneStream,
    Scheduler,
    Truth,
)
from objcentric.normal import Normal
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec, WhereSpec

SIDE, SQUARE = 12, 4


class Falling(SceneStream):
    """Scenes that move down by a pixel from epoch to epoch."""

    def __init__(self, images, counts) -> None:
        self.images, self.counts = images, counts

    def at(self, numbers, known):
        n = len(self.images)
        pairs = zip(self.images[numbers % n], (numbers // n).tolist(), strict=True)
        images = torch.stack([image.roll(epoch, 1) for image, epoch in pairs])
        return images, Truth(counts=self.counts[numbers % n])


class Squares(SceneSource):
    """0, 1 or 2 squares, the second to the right of the first."""

    def __init__(self, *, train: int = 70, test: int = 24, endless: bool = False) -> None:
        self.endless = endless
        self.sizes = {"train": train, "validation": test, "test": test}

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (1, SIDE, SIDE)

    def scenes(self, split):
        n = self.sizes[split]
        generator = torch.Generator().manual_seed(n + (split == "validation"))
        counts = torch.arange(n) % 3
        left = torch.randint(0, SIDE // 2 - SQUARE + 1, (n, 2), generator=generator)
        left = left + torch.tensor([0, SIDE // 2])
        top = torch.randint(0, SIDE - SQUARE + 1, (n, 2), generator=generator)
        exists = torch.arange(2) < rearrange(counts, "n -> n 1")
        images = torch.zeros(n, 1, SIDE, SIDE, dtype=torch.uint8)
        for scene, slot in exists.nonzero().tolist():
            y, x = top[scene, slot], left[scene, slot]
            images[scene, 0, y : y + SQUARE, x : x + SQUARE] = 255
        boxes = torch.stack([left, top, left + SQUARE, top + SQUARE], -1).float()
        return Scenes(
            stream=Falling(images, counts) if self.endless and split == "train" else None,
            images=images,
            counts=counts,
            boxes=boxes * rearrange(exists, "n m -> n m 1"),
            labels=torch.where(exists, 0, -1),
            segmentation=torch.zeros(n, SIDE, SIDE, dtype=torch.uint8),
            sha256=hashlib.sha256(images.numpy().tobytes()).hexdigest(),
        )


class Window(Glimpser):
    """A window of fixed size at (x, y) in [-1, 1]."""

    where_spec = WhereSpec(("x", "y"), (0.0, 0.0), (1.0, 1.0))
    scale = SQUARE / SIDE

    def read(self, image, where):
        size = [where.shape[0] * where.shape[1], *self.patch_shape]
        slots = repeat(image, "b c h w -> (b k) c h w", k=where.shape[1])
        grid = F.affine_grid(self._matrix(self.scale, where), size, align_corners=False)
        patches = F.grid_sample(slots, grid, align_corners=False)
        return rearrange(patches, "(b k) c h w -> b k c h w", k=where.shape[1])

    def write(self, patches, where):
        flat = rearrange(patches, "b k c h w -> (b k) c h w")
        size = [*flat.shape[:2], *self.image_shape[1:]]
        matrix = self._matrix(1 / self.scale, -where / self.scale)
        grid = F.affine_grid(matrix, size, align_corners=False)
        layers = F.grid_sample(flat, grid, align_corners=False)
        return rearrange(layers, "(b k) c h w -> b k c h w", k=where.shape[1])

    def boxes(self, where):
        return torch.cat([where - self.scale, where + self.scale], -1) * (SIDE / 2) + SIDE / 2

    def _matrix(self, scale, shift):
        flat = rearrange(shift, "b k d -> (b k) d 1")
        eye = torch.eye(2, dtype=shift.dtype, device=shift.device) * scale
        return torch.cat([eye.expand(flat.shape[0], 2, 2), flat], -1)


class LinearEncoder(ObjectEncoder):
    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(SQUARE * SQUARE, 2 * scene.what_dim)

    def forward(self, glimpses):
        loc, scale = self.layer(rearrange(glimpses, "b k c h w -> b k (c h w)")).chunk(2, -1)
        return Normal(loc, F.softplus(scale) + 0.01)


class LinearDecoder(ObjectDecoder):
    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(scene.what_dim, SQUARE * SQUARE)

    def forward(self, what):
        color = torch.sigmoid(self.layer(what))
        return Appearance(rearrange(color, "b k (c h w) -> b k c h w", c=1, h=SQUARE))


class AtOnce(Scheduler):
    """All slots from one layer."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.layer = nn.Linear(SIDE * SIDE, 5 * scene.objects)

    def forward(self, image, perception):
        out = rearrange(self.layer(image.flatten(1)), "b (k p) -> b k p", k=self.slots)
        logits, loc, scale = out.split([1, 2, 2], -1)
        where = perception.choose(Normal(torch.tanh(loc), F.softplus(scale - 1) + 0.01))
        what = perception.look(image, where.sample)
        layers = perception.draw(what.sample, where.sample)
        return Drafts(OrderedPresence(rearrange(logits, "b k 1 -> b k")), where, what, layers)


class OneByOne(Scheduler):
    """Every slot from the same layer, for any number of them."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        self.once = nn.Linear(SIDE * SIDE + 1, 5)

    def forward(self, image, perception):
        flat = repeat(image, "b c h w -> b k (c h w)", k=self.slots)
        number = torch.arange(self.slots).to(flat).expand(len(flat), -1)
        out = self.once(torch.cat([flat, rearrange(number, "b k -> b k 1")], -1))
        logits, loc, scale = out.split([1, 2, 2], -1)
        where = perception.choose(Normal(torch.tanh(loc), F.softplus(scale - 1) + 0.01))
        what = perception.look(image, where.sample)
        layers = perception.draw(what.sample, where.sample)
        return Drafts(OrderedPresence(rearrange(logits, "b k 1 -> b k")), where, what, layers)


class Score(GradientEstimator):
    """REINFORCE with a linear baseline."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.baseline = nn.Linear(SIDE * SIDE, 1)

    def forward(self, posterior, cost, context):
        codes = rearrange(posterior.sample(), "b k -> 1 b k")
        costs = cost(codes)
        baseline = rearrange(self.baseline(context.image.flatten(1)), "b 1 -> 1 b")
        signal = (costs - baseline).detach()
        error = (costs.detach() - baseline) ** 2
        loss = (costs + signal * posterior.log_prob(codes) + error).mean()
        diagnostics = {"baseline_error": error.mean().detach()}
        return Estimate(loss, codes, costs.detach(), torch.ones_like(costs), diagnostics)


class FewObjects(Prior):
    def presence(self, progress):
        return OrderedPresence(
            torch.full_like(self.where_loc[:, 0], -progress.between(0, 2).item())
        )


class Add(Compositor):
    def forward(self, layers, presence):
        return torch.einsum("sbk,bkchw->sbchw", presence, layers.color)


class Gauss(Likelihood):
    """With an error that explodes, if wanted."""

    def __init__(self, *, std: float = 0.3, explode_after: int = 10**9) -> None:
        super().__init__()
        self.std = std
        self.left = explode_after

    def log_prob(self, image, canvas):
        if torch.is_grad_enabled():
            self.left -= 1
        square = (image - canvas) ** 2 / (2 * self.std**2)
        return -square.sum((-1, -2, -3)) * (1.0 if self.left >= 0 else float("nan"))
