"""Where slots start before they attend to anything (`SlotStart` and its kinds)."""

from abc import ABC, abstractmethod
from typing import final

import torch
from einops import repeat
from jaxtyping import Float, Int
from torch import Tensor, nn

MOST_SLOTS = 64
"""Slots for which inference has fixed noise."""
KEPT_SEED = 0


class SlotStart(nn.Module, ABC):
    """The slots before the first iteration.

    Args:
        slots: their number K.
    """

    def __init__(self, slots: int) -> None:
        super().__init__()
        self.slots = slots

    @abstractmethod
    def forward(
        self,
        tokens: Float[Tensor, "B T D"],
        colors: Float[Tensor, "B T C"],
        places: Float[Tensor, "T 2"],
        calm: bool,
    ) -> Float[Tensor, "B K D"]:
        """Where the slots start.

        Args:
            tokens: what they are about to attend to.
            colors: the mean colour around each token's place.
            places: the places; 1 is as far as black is from a pure colour.
            calm: whether nothing is left to chance.
        """


@final
class GaussianStart(SlotStart):
    """Samples of a learned normal distribution; inference takes the same noise every time.

    Args:
        slots: their number K.
        dim: size of a slot.
        own: whether each slot has a distribution of its own, narrow at first (Jia et al. 2023,
            arXiv:2210.08990), instead of one for all (Locatello et al. 2020, arXiv:2006.15055). The
            number of slots is then part of the weights.
    """

    noise: Tensor

    def __init__(self, slots: int, dim: int, *, own: bool) -> None:
        super().__init__(slots)
        starts, spread, log_std = (slots, 1.0, -2.0) if own else (1, dim**-0.5, 0.0)
        self.mean = nn.Parameter(spread * torch.randn(starts, dim))
        self.log_std = nn.Parameter(torch.full((starts, dim), log_std))
        chance = torch.Generator().manual_seed(KEPT_SEED)
        noise = torch.randn(MOST_SLOTS, dim, generator=chance)[:slots]
        # Not part of the state: it is the same in every model.
        self.register_buffer("noise", noise, persistent=False)

    def forward(
        self,
        tokens: Float[Tensor, "B T D"],
        colors: Float[Tensor, "B T C"],
        places: Float[Tensor, "T 2"],
        calm: bool,
    ) -> Float[Tensor, "B K D"]:
        if calm:
            noise = repeat(self.noise.to(tokens.dtype), "k d -> b k d", b=len(tokens))
        else:
            shape = (len(tokens), *self.noise.shape)
            noise = torch.randn(shape, dtype=tokens.dtype, device=tokens.device)
        return self.mean + self.log_std.exp() * noise


@final
class FurthestStart(SlotStart):
    """Tokens that are far from each other, and one learned start for the background.

    Every slot but that of the background starts as the token whose colour and place are furthest
    from the mean of the image and from those chosen before (Gonzalez 1985,
    doi:10.1016/0304-3975(85)90224-5), where squared distances count in proportion to salience: how
    far the token's colour is from the mean colour. So slots start on different objects instead of
    sharing one, and not on the background, whose places are as far apart as those of objects. The
    choice follows from the image, not from the slot: no slot can keep to a region of the canvas. It
    follows from pixels, not from features: initial weights do not matter. While training, each
    squared distance is shortened by up to half at random.

    Args:
        slots: their number K.
        dim: size of a slot.
        background: whether the first slot has the learned start.
    """

    def __init__(self, slots: int, dim: int, *, background: bool = True) -> None:
        super().__init__(slots)
        self.background = nn.Parameter(dim**-0.5 * torch.randn(dim)) if background else None
        self.norm = nn.LayerNorm(dim, elementwise_affine=False)

    def forward(
        self,
        tokens: Float[Tensor, "B T D"],
        colors: Float[Tensor, "B T C"],
        places: Float[Tensor, "T 2"],
        calm: bool,
    ) -> Float[Tensor, "B K D"]:
        tokens = self.norm(tokens)
        if self.background is None:
            return _at(tokens, _far_apart(colors, places, self.slots, calm))
        first = repeat(self.background, "d -> b 1 d", b=len(tokens))
        if self.slots == 1:
            return first
        chosen = _far_apart(colors, places, self.slots - 1, calm)
        return torch.cat([first, _at(tokens, chosen)], dim=1)


def _far_apart(
    colors: Float[Tensor, "B T C"], places: Float[Tensor, "T 2"], count: int, calm: bool
) -> Int[Tensor, "B count"]:
    """Numbers of salient places, each far from the mean and from those before it."""
    looks = torch.cat([colors, places.expand(len(colors), -1, -1)], dim=-1)
    salience = (colors - colors.mean(1, keepdim=True)).norm(dim=-1)  # (B, T)
    distance = (looks - looks.mean(1, keepdim=True)).square().sum(-1)
    chosen: list[Tensor] = []
    for _ in range(count):
        seen = distance if calm else distance * (0.5 + torch.rand_like(distance) / 2)
        chosen.append((salience * seen).argmax(1))
        near = (looks - _at(looks, chosen[-1].unsqueeze(1))).square().sum(-1)
        distance = torch.minimum(distance, near)
    return torch.stack(chosen, dim=1)


def _at(tokens: Float[Tensor, "B T D"], numbers: Int[Tensor, "B N"]) -> Float[Tensor, "B N D"]:
    return tokens.gather(1, repeat(numbers, "b n -> b n d", d=tokens.shape[-1]))
