"""A grid of slots, each at the highest peak of its cell (`PeakGrid`)."""

import torch
from einops import rearrange, reduce
from jaxtyping import Bool, Float, Int
from pydantic import NonNegativeInt, PositiveFloat, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.blocks.aim import Aim
from objcentric.blocks.crop import crops
from objcentric.blocks.expected_window import expected_window
from objcentric.blocks.he_start import he_start
from objcentric.blocks.mlp import mlp
from objcentric.blocks.normal_head import normal
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.saliency import Saliency
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.presence import IndependentPresence
from objcentric.scene import SceneSpec

FAINT = 1e-3
"""Blurred intensity that is no peak. The tails of a blur are 0 but for rounding."""


class PeakGrid(Scheduler):
    """A grid of cells × cells slots, proposed in parallel, each at the highest peak of its cell.

    As in SPACE (Lin et al. 2020, arXiv:2001.02407), every cell proposes one object and presence is
    independent. There, a network has to learn where in its cell an object is. Here, the image is
    blurred, and a cell starts at its highest peak: a pixel higher than all others around it
    (non-maximum suppression, Neubeck & Van Gool 2006, doi:10.1109/ICPR.2006.479). A cell without a
    peak starts at its highest pixel. A network sees a crop around the place, its height, and
    whether it is a peak. An object has one peak, and a peak lies in one cell, so no two cells have
    to agree on which of them draws it.

    The mean of where is relative to the place: as long as the network adds nothing, the window has
    the prior's size and is centred there. No gradient flows through the choice of a place. Weights
    do not depend on the number of cells.

    At first, only cells with a peak hold an object. If all do, the cells around an object share it,
    each draws a faint part of it, and no prior gets them out of that.

    Two objects in one cell are one too many, so cells should be smaller than objects are apart.

    Args:
        scene: sizes of the scene.
        cells: number of cells along each side of the image.
        hidden: width of the hidden layer.
        blur: full width of the Hann window that blurs, in windows of the prior's size.
        apart: a peak is the highest pixel as far as this, along x and y, in pixels.
        crop: side of the crop, in windows of the prior's size.
        crop_size: side of the crop after resampling, in pixels.
        presence_bias: initial log-odds of presence of a cell with a peak.
        slope_bias: the same of a cell without one.
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
        cells: PositiveInt = 5,
        hidden: PositiveInt = 256,
        blur: PositiveFloat = 0.8,
        apart: NonNegativeInt = 6,
        crop: PositiveFloat = 1.5,
        crop_size: PositiveInt = 20,
        presence_bias: float = 2.0,
        slope_bias: float = -3.0,
        where_log_var: float = -3.0,
        where_log_var_bound: PositiveFloat | None = 3.0,
    ) -> None:
        super().__init__(scene)
        self.cells = cells
        self.blur = blur
        self.apart = apart
        self.crop = crop
        self.crop_size = crop_size
        self.slope = slope_bias - presence_bias
        self.aim = Aim.by(scene.where)
        self.head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        self.network = mlp([scene.channels * crop_size**2 + 2, hidden, self.head.size])
        he_start(self.network)
        last = self.network[-1]
        assert isinstance(last, nn.Linear)
        self.head.start(last)

    @property
    def slots(self) -> int:
        return self.cells**2

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        foreground = perception.foreground(image)
        window = expected_window(self.scene.where, image, perception.glimpser)
        with torch.no_grad():
            place, height, is_peak = self.places(foreground, window)
            seen = crops(foreground, place, self.crop * window, self.crop_size)
        facts = torch.stack([height, is_peak.to(height.dtype)], dim=-1)  # (B, K, 2)
        features = torch.cat([rearrange(seen, "b k c h w -> b k (c h w)"), facts], dim=-1)
        logits, mean, log_var = self.head.read(self.network(features))
        logits = logits + self.slope * (~is_peak).to(logits.dtype)
        mean = self.aim.around(place, mean, perception.glimpser)
        where = perception.choose(normal(mean, log_var))  # (B, K, D)
        what = perception.look(image, where.sample)  # (B, K, W)
        presence = IndependentPresence(logits, validate_args=False)
        return Drafts(presence, where, what, perception.draw(what.sample, where.sample))

    def places(
        self, foreground: Float[Tensor, "B C H W"], window: Float[Tensor, "2"]
    ) -> tuple[Float[Tensor, "B K 2"], Float[Tensor, "B K"], Bool[Tensor, "B K"]]:
        """Where each cell starts: x and y in [-1, 1]; how high the blurred image is there; and
        whether it is a peak."""
        _, _, height, width = foreground.shape
        saliency = Saliency.of(foreground, window, self.blur, 1.0)
        salience = saliency.blurred(reduce(foreground.abs(), "b c h w -> b h w", "mean"))
        is_peak = peaks(salience, self.apart)
        pixel = highest(salience + is_peak, self.cells)  # (B, K)
        row, column = pixel // width, pixel % width
        place = torch.stack([(2 * column + 1) / width, (2 * row + 1) / height], dim=-1) - 1
        flat, flat_peak = (rearrange(m, "b h w -> b (h w)") for m in (salience, is_peak))
        return place.to(salience.dtype), flat.gather(1, pixel), flat_peak.gather(1, pixel)


def peaks(salience: Float[Tensor, "B H W"], apart: int) -> Bool[Tensor, "B H W"]:
    """Pixels that no pixel surpasses as far as `apart` along x and y, and that are not faint."""
    side = 2 * apart + 1
    # Along rows, then along columns: six times as fast as both at once.
    around = F.max_pool2d(salience, (1, side), stride=1, padding=(0, apart))
    around = F.max_pool2d(around, (side, 1), stride=1, padding=(apart, 0))
    return (salience > FAINT) & (salience == around)


def highest(salience: Float[Tensor, "B H W"], cells: int) -> Int[Tensor, "B K"]:
    """The highest pixel of each cell, as an index into the flattened map.

    Cells share no pixel: with sides that no number of cells divides, they differ by a pixel.
    """
    _, height, width = salience.shape
    rows, columns = (
        torch.arange(size, device=salience.device) * cells // size for size in (height, width)
    )
    cell = rearrange(rows, "h -> h 1") * cells + columns  # (H, W)
    inside = rearrange(cell, "h w -> (h w)") == torch.arange(
        cells**2, device=salience.device
    ).unsqueeze(-1)  # (K, H*W)
    outside = torch.where(inside, 0.0, torch.inf).to(salience.dtype)
    return (rearrange(salience, "b h w -> b 1 (h w)") - outside).argmax(-1)
