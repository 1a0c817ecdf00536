"""A grid of slots, one per cell, proposed in parallel (`Grid`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.blocks.aim import Aim, centres
from objcentric.blocks.crop import crops
from objcentric.blocks.expected_window import expected_window
from objcentric.blocks.he_start import he_start
from objcentric.blocks.mlp import mlp
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

CROP = 1.5
"""Side of what the second look sees, in windows of the prior's size."""

CROP_SIZE = 16
"""The same after resampling, in pixels."""


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
        second_look: width of the hidden layer of a network that sees a crop around each cell's
            window and adds to what the cell says of presence and where, because a cell's features
            know where an object is only to within some pixels. The same network for all cells. A
            window may leave its cell's reach by it. Null for no second look.
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
        second_look: PositiveInt | None = None,
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
        self.second: nn.Sequential | None = None
        if second_look is not None:
            self.second = mlp([scene.channels * CROP_SIZE**2, second_look, self.head.size])
            he_start(self.second)
            end = self.second[-1]
            assert isinstance(end, nn.Linear)
            nn.init.zeros_(end.weight)  # at first it changes nothing
            nn.init.zeros_(end.bias)

    @property
    def slots(self) -> int:
        return self.cells**2

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        side = CELL * self.cells
        resized = F.interpolate(image, (side, side), mode="bilinear", align_corners=False)
        features = rearrange(self.features(resized), "b f y x -> b (y x) f")
        window = expected_window(self.scene.where, image, perception.glimpser)
        logits, mean, log_var, centre = self._proposed(
            image, self.last(features), window, perception
        )
        if self.rivals is not None:
            height, width = image.shape[-2:]
            across, down = (2 * self.rivals * window).unbind()
            distance = torch.stack([across / width, down / height])
            logits = suppressed(logits, within(centre.detach(), distance))
        where = perception.choose(normal(mean, log_var))  # (B, K, D)
        what = perception.look(image, where.sample)  # (B, K, W)
        presence = IndependentPresence(logits, validate_args=False)
        return Drafts(presence, where, what, perception.draw(what.sample, where.sample))

    def _proposed(
        self,
        image: Float[Tensor, "B C H W"],
        outputs: Float[Tensor, "B K outputs"],
        window: Float[Tensor, "2"],
        perception: Perception,
    ) -> tuple[Tensor, Tensor, Tensor, Float[Tensor, "B K 2"]]:
        """Log-odds of presence, mean and log variance of where, and centres of the windows."""
        _, mean, _ = self.head.read(outputs)
        centre = self.place(self.aim.offset(mean).to(image.dtype))
        if self.second is None:
            logits, mean, log_var = self.head.read(outputs)
            return logits, self.aim.at(centre, mean, perception.glimpser), log_var, centre
        with torch.no_grad():
            seen = crops(image, centre, CROP * window, CROP_SIZE)
        change = self.second(rearrange(seen, "b k c h w -> b k (c h w)"))
        logits, mean, log_var = self.head.read(outputs + change)
        moved = torch.stack([change[..., 1 + self.aim.x], change[..., 1 + self.aim.y]], -1)
        mean = self.aim.shifted(self.aim.at(centre, mean, perception.glimpser), moved)
        return logits, mean, log_var, centres(mean, perception.glimpser)

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
