"""Inference that parts an image into groups of like colour first (`ColorGroups`)."""

from typing import Annotated

import torch
from einops import einsum, rearrange, reduce
from jaxtyping import Float
from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt
from torch import Tensor, nn

from objcentric.blocks.aim import Aim
from objcentric.blocks.crop import crop
from objcentric.blocks.expected_window import expected_window
from objcentric.blocks.he_start import he_start
from objcentric.blocks.mlp import mlp
from objcentric.blocks.normal_head import normal
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec
from objcentric_schedulers.cuts import cut_the_worst
from objcentric_schedulers.groups import Groups
from objcentric_schedulers.like_color import LikeColor

ROUNDS = 2
"""How often a group of each image may be cut, so that three objects in one group are parted."""


class ColorGroups(Scheduler):
    """Parts an image into groups of like colour, and infers one object from each.

    Groups form one after another, by stick-breaking around seeds as in GENESIS-v2 (Engelcke, Parker
    Jones & Posner 2021, arXiv:2104.09958), but in the pixels' own colours and not in an embedding
    that is learnt. The seed is the highest pixel of the blurred image minus its background, where
    only pixels count that no group has taken. The group takes from every pixel nearby the share
    exp(-d²/2σ²) of what is left of it, where d is the distance between its colour and the seed's.
    The background takes its share first. The largest groups become slots, the largest first.

    Then all groups are looked at at once. A network sees a crop around the middle of
    a group, of that group alone, and the encoder a glimpse of it alone. So an object that hides a
    part of another one is not in the other's glimpse. No step depends on another one, nor on what
    was drawn, and no gradient flows through the groups.

    It suits objects of one colour each. Two objects of nearly one colour that touch become one
    group, and an object of several colours becomes several. With `cuts`, inference parts objects
    that touch by what the decoder has learnt from others: it draws two objects in one group badly,
    and each of them well. So a group that is drawn badly is cut in two along straight lines in many
    directions, and the best cut stands if it makes the error much smaller. Training does
    not cut, so trained weights are the same with and without it.

    Weights do not depend on the number of slots, so a trained model may be given more of them.

    Args:
        scene: sizes of the scene.
        hidden: width of the layers.
        likeness: σ, the distance of colours, over all channels, at which a pixel's share has
            fallen to 0.61.
        shade: the darkest shade of a colour, as a factor of its difference from the background,
            that still counts as the same colour, and 1/shade the brightest; 1 for none. With less
            than 1 soft edges and shaded sides belong to their object.
        blur: full width of the Hann window that blurs, in windows of the prior's size.
        reach: how far from its seed a group takes pixels, in windows of the prior's size, along
            x and y.
        connected: whether a group is in one piece: pixels belong to it only if a path of pixels
            above each other or beside each other, each at least half like the seed, leads there.
            Two objects of one colour are then two, unless they touch.
        spare: how many more groups are formed than there are slots. The largest become slots, so
            that thin edges where colours mix take the place of no object.
        cuts: directions in which a badly drawn group is cut in inference; 0 to cut none.
        crop: side of the crop, in windows of the prior's size.
        crop_size: side of the crop after resampling, in pixels.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: largest absolute log variance of where; null for no bound.

    Raises:
        ValueError: the glimpser's where has no coordinates x and y.
    """

    offers = frozenset({"ordered presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: PositiveInt = 256,
        likeness: PositiveFloat = 0.05,
        shade: Annotated[float, Field(gt=0, le=1)] = 1.0,
        blur: PositiveFloat = 0.6,
        reach: PositiveFloat = 1.0,
        connected: bool = False,
        spare: NonNegativeInt = 2,
        cuts: NonNegativeInt = 0,
        crop: PositiveFloat = 1.5,
        crop_size: PositiveInt = 20,
        presence_bias: float = 2.0,
        where_log_var: float = -3.0,
        where_log_var_bound: PositiveFloat | None = 6.0,
    ) -> None:
        super().__init__(scene)
        self.like_color = LikeColor(likeness, shade, blur, reach, connected)
        self.spare = spare
        self.cuts = cuts
        self.crop = crop
        self.crop_size = crop_size
        self.aim = Aim.by(scene.where)
        self.head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        inputs = (scene.channels + 1) * crop_size**2 + 1
        self.network = mlp([inputs, hidden, hidden, self.head.size])
        he_start(self.network)
        last = self.network[-1]
        assert isinstance(last, nn.Linear)
        self.head.start(last)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        window = expected_window(self.scene.where, image, perception.glimpser)
        foreground = perception.foreground(image)
        with torch.no_grad():
            groups = self.groups(foreground, window)
            if self.cuts and perception.is_calm:
                groups = self._cut(foreground, groups, perception, window)
        return self._drafts(foreground, groups, perception, window)

    def _drafts(
        self,
        foreground: Float[Tensor, "B C H W"],
        groups: Groups,
        perception: Perception,
        window: Float[Tensor, "2"],
    ) -> Drafts:
        """One object from each group."""
        with torch.no_grad():
            alone = _alone(foreground, groups)
            features = self._features(alone, groups, window)
            if perception.behind is not None:
                alone = alone + rearrange(perception.behind, "b c h w -> b 1 c h w")
        logits, mean, log_var = self.head.read(self.network(features))
        mean = self.aim.around(groups.places, mean, perception.glimpser)
        where = perception.choose(normal(mean, log_var))  # (B, K, D)
        what = perception.look_at_each(alone, where.sample)  # (B, K, W)
        presence = OrderedPresence(logits, validate_args=False)
        return Drafts(presence, where, what, perception.draw(what.sample, where.sample))

    def _cut(
        self,
        foreground: Float[Tensor, "B C H W"],
        groups: Groups,
        perception: Perception,
        window: Float[Tensor, "2"],
    ) -> Groups:
        """The groups after those that are drawn badly were cut in two."""

        def error(images: Tensor, groups: Groups) -> Tensor:
            behind = None if perception.behind is None else perception.behind[images]
            seen = foreground[images]
            drawn = self._drafts(seen, groups, perception.before(behind), window).layers
            color = drawn.color if behind is None else drawn.color - behind.unsqueeze(1)
            canvas = color if drawn.alpha is None else drawn.alpha * color
            return reduce((canvas - _alone(seen, groups)).square(), "b k c h w -> b k", "sum")

        for _ in range(ROUNDS):
            more = cut_the_worst(foreground, groups, error, window, self.cuts)
            groups = more.largest(self.slots)
        return groups

    def groups(self, foreground: Float[Tensor, "B C H W"], window: Float[Tensor, "2"]) -> Groups:
        """The groups of each image, the largest first."""
        found = self.like_color.groups(foreground, window, self.slots + self.spare)
        return found.largest(self.slots)

    def _features(
        self, alone: Float[Tensor, "B K C H W"], groups: Groups, window: Float[Tensor, "2"]
    ) -> Float[Tensor, "B K F"]:
        """What the network sees of each group: a crop of it and of its shares, and its height."""
        maps = torch.cat([alone, rearrange(groups.shares, "b k h w -> b k 1 h w")], dim=2)
        seen = crop(
            rearrange(maps, "b k c h w -> (b k) c h w"),
            rearrange(groups.places, "b k xy -> (b k) xy"),
            self.crop * window,
            self.crop_size,
        )
        flat = rearrange(seen, "(b k) c h w -> b k (c h w)", b=len(alone))
        return torch.cat([flat, rearrange(groups.heights, "b k -> b k 1")], dim=-1)


def _alone(foreground: Float[Tensor, "B C H W"], groups: Groups) -> Float[Tensor, "B K C H W"]:
    """What each group shows on black."""
    return einsum(groups.shares, foreground, "b k h w, b c h w -> b k c h w")
