"""Inference that looks where most is left to explain (`Pursuit`)."""

from typing import Literal

import torch
from einops import rearrange, reduce
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor

from objcentric.blocks.aim import Aim
from objcentric.blocks.crop import crop
from objcentric.blocks.expected_window import expected_window
from objcentric.blocks.explain_away import explain_away
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.proposal_network import ProposalNetwork
from objcentric.blocks.saliency import RunningBlur, Saliency, peak
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.normal import Normal
from objcentric.scene import SceneSpec

State = tuple[Float[Tensor, "B hidden"], Float[Tensor, "B H W"]]
"""The recurrent state, and how much each pixel is still open to attention, in [0, 1]."""


class Pursuit(Scheduler):
    """Looks where most is left to explain: matching pursuit (Mallat & Zhang 1993,
    doi:10.1109/78.258082) with inhibition of return (Itti, Koch & Niebur 1998).

    Each step blurs the image minus what earlier steps drew, suppresses the places that were
    attended to before, and attends to the highest pixel. AIR's recurrent layers see the height of
    that pixel and a crop around it, of what is left and of what was drawn. The mean of where is
    relative to the pixel: as long as the network adds nothing, the window has the prior's size and
    is centred there. So nothing has to learn to localise, and the network sees every object in the
    middle of its crop.

    No gradient flows through the choice of a place. Without inhibition, the remains of a bright
    object draw the next step back, and an ordered code cannot skip a step that was wasted.

    Weights do not depend on the number of slots, so a trained model may be given more of them.

    Args:
        scene: sizes of the scene.
        hidden: width of the recurrent layers and of their state.
        residue: what is blurred: the mean over channels of the image minus what was drawn, or of
            its absolute value. `signed` suits bright objects on black, where a pixel that was drawn
            too bright cancels one beside it that is left. `absolute` suits colours and occlusion.
        glimpses: what windows are read from: the image, or the image minus what is behind all
            objects. With the latter, an object in front of a known background looks alike
            everywhere, and the encoder has less to learn. The same thing on black.
        blur: full width of the Hann window that blurs, in windows of the prior's size.
        inhibition: standard deviation of the inhibition around a place, in windows of the prior's
            size; null for none.
        crop: side of the crop, in windows of the prior's size.
        crop_size: side of the crop after resampling, in pixels.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: largest absolute log variance of where; null for no bound.
        memory: whether a step knows the previous object and the recurrent state. Without them, all
            steps work alike: what a step makes of its crop does not depend on how many came before,
            which is meant for counting further than in training.

    Raises:
        ValueError: the glimpser's where has no coordinates x and y.
    """

    offers = frozenset({"ordered presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: PositiveInt = 256,
        residue: Literal["signed", "absolute"] = "absolute",
        glimpses: Literal["image", "foreground"] = "image",
        blur: PositiveFloat = 0.6,
        inhibition: PositiveFloat | None = 0.25,
        crop: PositiveFloat = 1.5,
        crop_size: PositiveInt = 20,
        presence_bias: float = 2.0,
        where_log_var: float = -3.0,
        where_log_var_bound: PositiveFloat | None = 3.0,
        memory: bool = True,
    ) -> None:
        super().__init__(scene)
        self.residue = residue
        self.glimpses = glimpses
        self.blur = blur
        self.inhibition = inhibition
        self.crop = crop
        self.crop_size = crop_size
        self.memory = memory
        self.aim = Aim.by(scene.where)
        head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        inputs = 2 * scene.channels * crop_size**2 + 1
        self.network = ProposalNetwork(scene, head, hidden, inputs)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        foreground = perception.foreground(image)
        window = expected_window(self.scene.where, image, perception.glimpser)
        saliency = Saliency.of(image, window, self.blur, self.inhibition or 1.0)
        blur = RunningBlur(saliency, linear=self.residue == "signed")

        nothing, blank = self.network.start(image)

        def propose(left: Tensor, previous: Tensor, state: State) -> tuple[Tensor, Normal, State]:
            hidden, openness = state
            if not self.memory:
                previous, hidden = nothing, blank
            with torch.no_grad():
                place, height = peak(openness * blur.of(lambda: self.intensity(left)))
                rest, whole = (
                    crop(one, place, self.crop * window, self.crop_size)
                    for one in (left, foreground)
                )
                seen = torch.cat([rest, whole - rest], dim=1)  # what is left, and what was drawn
                if self.inhibition is not None:
                    openness = saliency.beside(place).mul_(openness)
            features = torch.cat([rearrange(seen, "b c h w -> b (c h w)"), height], dim=-1)
            projection = self.network.project(features)
            logit, where, hidden = self.network.propose(projection, previous, hidden)
            mean = self.aim.around(
                rearrange(place, "b xy -> b 1 xy"), where.mean, perception.glimpser
            )
            where = Normal(mean, where.stddev, validate_args=False)
            return logit, where, (hidden, openness)

        start = nothing, (blank, torch.ones_like(image[:, 0]))
        return explain_away(
            propose,
            start,
            image,
            perception,
            self.slots,
            glimpsed=foreground if self.glimpses == "foreground" else image,
            occlude=True,
            drew=blur.drew,
        )

    def intensity(self, left: Float[Tensor, "B C H W"]) -> Float[Tensor, "B H W"]:
        """How much of each pixel is left to explain."""
        left = left if self.residue == "signed" else left.abs()
        return reduce(left, "b c h w -> b h w", "mean")
