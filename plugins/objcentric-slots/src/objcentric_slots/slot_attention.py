"""Inference by Slot Attention (`SlotAttention`)."""

from typing import Annotated, Literal

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.blocks.he_start import he_start
from objcentric.deterministic import Deterministic
from objcentric.drafts import Drafts, Latent
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.presence import CertainPresence
from objcentric.scene import SceneSpec
from objcentric_slots.position_embedding import PositionEmbedding
from objcentric_slots.slot_iterations import SlotIterations
from objcentric_slots.slot_starts import MOST_SLOTS, FurthestStart, GaussianStart, SlotStart

PLACE = 0.9
"""How far apart opposite borders of the canvas are, where black and a pure colour are 1 apart."""
AROUND = 5
"""Side of the square of pixels around a token's place whose mean colour is the place's."""

Start = Literal["shared", "own", "furthest"]


class SlotAttention(Scheduler):
    """All slots at once, by iterative attention over a convolutional feature map (Locatello et al.
    2020, arXiv:2006.15055).

    A slot is what it is: `what` is the slot itself, without a KL, every slot is present, and
    `where` stays at its prior's mean (with `whole_image` it has no coordinates). What an object
    looks like and where it is are both read off the slot by the decoder.

    How slots start breaks their symmetry. `shared` draws them from one learned normal distribution,
    as the paper does; `own` gives each its own (`GaussianStart`); `furthest` takes tokens whose
    colours and places differ most (`FurthestStart`). Inference leaves nothing to chance.

    Args:
        scene: sizes of the scene; a slot's size is `what_dim`.
        channels: of the feature map.
        kernel: of the first convolution, odd.
        stride: of the first convolution.
        layers: further convolutions, of stride 1.
        layer_kernel: of those, odd.
        iterations: of attention.
        hidden: width of the network that refines slots.
        start: how slots start.
        background: whether one slot starts as a learned background; for `furthest`.
        position_scale: of the position embedding at first. Convolutions start by He's rule, which
            keeps what is seen as large as where it is seen.
        implicit: whether the gradient flows through the last iteration alone (Chang et al. 2022,
            arXiv:2207.00787).

    Raises:
        ValueError: a kernel is even, or there are more slots than `MOST_SLOTS`.
    """

    offers = frozenset({"certain presence"})
    has_density = False

    where: Tensor

    def __init__(
        self,
        scene: SceneSpec,
        *,
        channels: PositiveInt = 32,
        kernel: PositiveInt = 7,
        stride: PositiveInt = 3,
        layers: Annotated[int, Field(ge=0)] = 3,
        layer_kernel: PositiveInt = 3,
        iterations: PositiveInt = 3,
        hidden: PositiveInt = 128,
        start: Start = "furthest",
        background: bool = True,
        position_scale: PositiveFloat = 0.3,
        implicit: bool = True,
    ) -> None:
        super().__init__(scene)
        if 0 in (kernel % 2, layer_kernel % 2) or self.slots > MOST_SLOTS:
            raise ValueError(
                f"kernels have to be odd and slots at most {MOST_SLOTS}, got kernel {kernel}, "
                f"layer_kernel {layer_kernel} and {self.slots} slots"
            )
        dim, self.stride = scene.what_dim, stride
        where = torch.tensor(scene.where.loc).expand(self.slots, -1)
        self.register_buffer("where", where.clone(), persistent=False)
        self.features = _features(
            scene.channels, channels, (kernel, *[layer_kernel] * layers), stride
        )
        he_start(self.features)
        _, height, width = scene.image_shape
        sides = [(side - 1) // stride + 1 for side in (height, width)]
        self.position = PositionEmbedding(channels, *sides, scale=position_scale)
        self.tokens = nn.Sequential(
            nn.LayerNorm(channels), nn.Linear(channels, dim), nn.ReLU(), nn.Linear(dim, dim)
        )
        self.attention = SlotIterations(
            dim, hidden=hidden, iterations=iterations, implicit=implicit
        )
        self.start = _start(start, self.slots, dim, background)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        maps = self.position(self.features(image))
        tokens = self.tokens(rearrange(maps, "b c h w -> b (h w) c"))
        places = PLACE * rearrange(self.position.positions[:2], "xy h w -> (h w) xy")
        start = self.start(tokens, self._colors(image), places.to(image.dtype), perception.is_calm)
        slots = self.attention(tokens, start)
        where = repeat(self.where.to(slots.dtype), "k d -> b k d", b=image.shape[0])
        return Drafts(
            presence=CertainPresence.over(slots[..., 0]),
            where=Latent(Deterministic(where), where),
            what=Latent(Deterministic(slots), slots),
            layers=perception.draw(slots, where),
        )

    def _colors(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B T C"]:
        """Mean colour around each token's place."""
        colors = F.avg_pool2d(image, AROUND, self.stride, AROUND // 2)
        return rearrange(colors, "b c h w -> b (h w) c")


def _start(start: Start, slots: int, dim: int, background: bool) -> SlotStart:
    if start == "furthest":
        return FurthestStart(slots, dim, background=background)
    return GaussianStart(slots, dim, own=start == "own")


def _features(inputs: int, channels: int, kernels: tuple[int, ...], stride: int) -> nn.Sequential:
    """Convolutions with ReLU after each; only the first has the stride."""
    modules: list[nn.Module] = []
    for kernel in kernels:
        modules += [nn.Conv2d(inputs, channels, kernel, stride, kernel // 2), nn.ReLU()]
        inputs, stride = channels, 1
    return nn.Sequential(*modules)
