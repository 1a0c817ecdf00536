"""Inference by Slot Attention (`SlotAttention`)."""

from typing import Annotated

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from objcentric.deterministic import Deterministic
from objcentric.drafts import Drafts, Latent
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.presence import CertainPresence
from objcentric.scene import SceneSpec
from objcentric_slots.position_embedding import PositionEmbedding
from objcentric_slots.slot_iterations import SlotIterations

MOST_SLOTS = 64
"""Slots for which inference has fixed noise."""
KEPT_SEED = 0


class SlotAttention(Scheduler):
    """All slots at once, by iterative attention over a convolutional feature map (Locatello et al.
    2020, arXiv:2006.15055).

    A slot is what it is: `what` is the slot itself, without a KL, every slot is present, and
    `where` stays at its prior's mean (with `whole_image` it has no coordinates). What an object
    looks like and where it is are both read off the slot by the decoder.

    Slots start as samples of a normal distribution, which breaks their symmetry. Inference, which
    is deterministic, takes the same noise every time.

    Args:
        scene: sizes of the scene; a slot's size is `what_dim`.
        channels: of the feature map.
        kernel: of the first convolution, odd.
        stride: of the first convolution.
        layers: 3×3 convolutions after it.
        iterations: of attention.
        hidden: width of the network that refines slots.
        own_start: whether every slot has a start of its own to learn (Jia et al. 2023,
            arXiv:2210.08990) instead of one distribution for all. The number of slots is then
            part of the weights.
        implicit: whether the gradient flows through the last iteration alone (Chang et al. 2022,
            arXiv:2207.00787).

    Raises:
        ValueError: the kernel is even, or there are more slots than `MOST_SLOTS`.
    """

    offers = frozenset({"certain presence"})
    has_density = False

    noise: Tensor
    where: Tensor

    def __init__(
        self,
        scene: SceneSpec,
        *,
        channels: PositiveInt = 32,
        kernel: PositiveInt = 7,
        stride: PositiveInt = 3,
        layers: Annotated[int, Field(ge=0)] = 3,
        iterations: PositiveInt = 3,
        hidden: PositiveInt = 128,
        own_start: bool = True,
        implicit: bool = True,
    ) -> None:
        super().__init__(scene)
        if kernel % 2 == 0 or self.slots > MOST_SLOTS:
            raise ValueError(
                f"kernel has to be odd and slots at most {MOST_SLOTS}, got {kernel}, {self.slots}"
            )
        dim = scene.what_dim
        where = torch.tensor(scene.where.loc).expand(self.slots, -1)
        self.register_buffer("where", where.clone(), persistent=False)
        self.features = _features(scene.channels, channels, kernel, stride, layers)
        _, height, width = scene.image_shape
        sides = [(side - 1) // stride + 1 for side in (height, width)]
        self.position = PositionEmbedding(channels, *sides)
        self.tokens = nn.Sequential(
            nn.LayerNorm(channels), nn.Linear(channels, dim), nn.ReLU(), nn.Linear(dim, dim)
        )
        self.attention = SlotIterations(
            dim, hidden=hidden, iterations=iterations, implicit=implicit
        )
        starts = self.slots if own_start else 1
        spread = 1.0 if own_start else dim**-0.5
        self.start_mean = nn.Parameter(spread * torch.randn(starts, dim))
        self.start_log_std = nn.Parameter(torch.full((starts, dim), -2.0 if own_start else 0.0))
        chance = torch.Generator().manual_seed(KEPT_SEED)
        noise = torch.randn(MOST_SLOTS, dim, generator=chance)[: self.slots]
        # Not part of the state: it is the same in every model.
        self.register_buffer("noise", noise, persistent=False)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        maps = self.position(self.features(image))
        tokens = self.tokens(rearrange(maps, "b c h w -> b (h w) c"))
        slots = self.attention(tokens, self._start(image, perception.is_calm))
        where = repeat(self.where.to(slots.dtype), "k d -> b k d", b=image.shape[0])
        return Drafts(
            presence=CertainPresence.over(slots[..., 0]),
            where=Latent(Deterministic(where), where),
            what=Latent(Deterministic(slots), slots),
            layers=perception.draw(slots, where),
        )

    def _start(self, image: Tensor, calm: bool) -> Float[Tensor, "B K D"]:
        """Where the slots start."""
        batch, dtype = image.shape[0], self.start_mean.dtype
        if calm:
            noise = repeat(self.noise.to(dtype), "k d -> b k d", b=batch)
        else:
            noise = torch.randn(batch, *self.noise.shape, dtype=dtype, device=image.device)
        return self.start_mean + self.start_log_std.exp() * noise


def _features(inputs: int, channels: int, kernel: int, stride: int, layers: int) -> nn.Sequential:
    """Convolutions with ReLU after each."""
    modules: list[nn.Module] = [nn.Conv2d(inputs, channels, kernel, stride, kernel // 2), nn.ReLU()]
    for _ in range(layers):
        modules += [nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*modules)
