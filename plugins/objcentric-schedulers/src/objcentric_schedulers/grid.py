"""A grid of slots, one per cell, proposed in parallel (`Grid`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.blocks.aim import Aim
from objcentric.blocks.expected_window import expected_window
from objcentric.blocks.he_start import he_start
from objcentric.blocks.normal_head import normal
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.presence import IndependentPresence
from objcentric.scene import SceneSpec
from objcentric_schedulers.suppression import suppressed, within

CELL = 16
"""Side of a cell after resizing, in pixels: four halvings leave one feature vector."""


class Grid(Scheduler):
    """A grid of cells × cells slots, proposed in parallel (SPACE: Lin et al. 2020,
    arXiv:2001.02407; one after another in SPAIR: Crawford & Pineau 2019).

    Presence is independent. The mean centre of a window lies on the canvas, at most `reach` cells
    from the centre of its own cell: c = low + (high - low)·sigmoid(output), as in SPAIR.

    Args:
        scene: sizes of the scene.
        cells: number of cells along each side of the image.
        channels: channels of the feature maps.
        reach: largest distance of a mean centre from its cell's along x and y, in cells. With 0.5
            each place belongs to one cell; with 1, to four.
        rivals: two windows whose mean centres are nearer than this, in windows of the prior's size,
            are rivals for one object: only the surer may be present, and it is as sure as both
            together (`suppressed`). Without it, cells around an object each draw a part of it, and
            none decides. Windows of objects next to each other should be farther apart. Null for
            no rivalry.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: largest absolute log variance of where; null for no bound.

    Raises:
        ValueError: the glimpser's where has no coordinates x and y.
    """

    offers = frozenset({"independent presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        cells: PositiveInt = 4,
        channels: PositiveInt = 32,
        reach: PositiveFloat = 1.0,
        rivals: PositiveFloat | None = None,
        presence_bias: float = 2.0,
        where_log_var: float = -3.0,
        where_log_var_bound: PositiveFloat | None = 3.0,
    ) -> None:
        super().__init__(scene)
        self.cells = cells
        self.reach = reach
        self.rivals = rivals
        self.aim = Aim.by(scene.where)
        self.head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        layers: list[nn.Module] = []
        for inputs in (scene.channels, channels, channels, channels):  # each halves the size
            layers += [nn.Conv2d(inputs, channels, 4, stride=2, padding=1), nn.ReLU()]
        layers += [nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()]  # sees its neighbours
        self.features = nn.Sequential(*layers)
        he_start(self.features)
        self.last = nn.Linear(channels, self.head.size)
        self.head.start(self.last)

    @property
    def slots(self) -> int:
        return self.cells**2

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        side = CELL * self.cells
        resized = F.interpolate(image, (side, side), mode="bilinear", align_corners=False)
        features = rearrange(self.features(resized), "b f y x -> b (y x) f")
        logits, mean, log_var = self.head.read(self.last(features))
        centre = self.place(self.aim.offset(mean).to(image.dtype))
        mean = self.aim.at(centre, mean, perception.glimpser)
        where = perception.choose(normal(mean, log_var))  # (B, K, D)
        what = perception.look(image, where.sample)  # (B, K, W)
        if self.rivals is not None:
            window = expected_window(self.scene.where, image, perception.glimpser)
            size = window.new_tensor([image.shape[3], image.shape[2]])
            near = within(centre.detach(), self.rivals * 2 * window / size)
            logits = suppressed(logits, near)
        presence = IndependentPresence(logits, validate_args=False)
        return Drafts(presence, where, what, perception.draw(what.sample, where.sample))

    def place(self, offset: Float[Tensor, "B K 2"]) -> Float[Tensor, "B K 2"]:
        """Centres of the windows, in [-1, 1]; at offset 0 the centre of their cell."""
        width = 2 / self.cells
        line = (
            torch.arange(self.cells, dtype=offset.dtype, device=offset.device) + 0.5
        ) * width - 1
        cell = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1).flatten(0, 1)  # (K, 2)
        far = self.reach * width
        low, high = (cell - far).clamp(min=-1), (cell + far).clamp(max=1)
        at_centre = torch.logit((cell - low) / (high - low))
        return low + (high - low) * torch.sigmoid(offset + at_centre)
