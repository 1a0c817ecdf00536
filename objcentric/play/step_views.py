"""Pictures of how a model attends, infers and repeats (`StepView`)."""

import math
from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Inference
from objcentric.model.wired_model import WiredModel
from objcentric.play.pictures import picture
from objcentric.play.played import Played
from objcentric.report.colors import slot_color, slot_ink

MOST_SLOTS = 8
"""With more slots than this, absent ones are not shown."""

BATCH = 16
"""Canvases that are drawn at a time."""

Box = tuple[float, float, float, float]
"""`(x0, y0, x1, y1)` in pixels from the top left corner."""


@dataclass(frozen=True)
class StepView:
    """One step, or one slot of a model that finds all objects at once.

    Attributes:
        slot: the slot, from 0.
        name: `step 2` in a model with windows, `slot 2` in one without.
        color: the slot's colour.
        ink: a colour for text on it.
        present: whether an object is found.
        probability: that it is; empty if the model does not decide about presence.
        box: the window; None without windows.
        seen: what the window shows of the scene; without windows, the part that the slot explains.
        drawn: the patch that the slot draws; without windows, what it draws on the canvas.
        so_far: the canvas with the objects found up to this step.
    """

    slot: int
    name: str
    color: str
    ink: str
    present: bool
    probability: str
    box: Box | None
    seen: str
    drawn: str
    so_far: str

    @property
    def said(self) -> str:
        """What the step decides, in words."""
        if not self.probability:
            return self.name
        if self.present:
            return f"{self.name}: an object, with a probability of {self.probability}"
        return f"{self.name}: no object; the probability of one is {self.probability}"


def step_views(played: Played) -> tuple[StepView, ...]:
    """The steps of an inference, in their order.

    Slots without an object are among them if the model has no more than `MOST_SLOTS`.
    """
    found = played.found
    chosen = range(played.slots) if played.slots <= MOST_SLOTS else played.present
    if not chosen:
        return ()
    ones = torch.eye(played.slots, device=found.presence.device)[list(chosen)]
    before = torch.tril(torch.ones(played.slots, played.slots))[list(chosen)].to(ones)
    so_far = _drawn(played, before * (found.presence > 0.5))
    alone = _drawn(played, ones)
    return tuple(
        _step(played, slot, so_far[number], alone[number]) for number, slot in enumerate(chosen)
    )


def _drawn(played: Played, codes: Float[Tensor, "n K"]) -> Float[Tensor, "n C H W"]:
    return torch.cat([played.drawn_with(few) for few in codes.split(BATCH)])


def _step(
    played: Played, slot: int, so_far: Float[Tensor, "C H W"], alone: Float[Tensor, "C H W"]
) -> StepView:
    found = played.found
    box = box_of(found, slot)
    return StepView(
        slot=slot,
        name=slot_name(found, slot),
        color=slot_color(slot),
        ink=slot_ink(slot),
        present=bool(found.presence[0, slot] > 0.5),
        probability=_probability(played, slot),
        box=box,
        seen=_seen(played, slot, box),
        drawn=_patch(played, slot, box, alone),
        so_far=picture(so_far),
    )


def slot_name(found: Inference, slot: int) -> str:
    """Slots with windows are called steps, as in AIR, which finds them one after the other."""
    return f"{'slot' if found.boxes is None else 'step'} {slot + 1}"


def box_of(found: Inference, slot: int) -> Box | None:
    """A slot's window; None without windows, or if it is not finite."""
    if found.boxes is None:
        return None
    x0, y0, x1, y1 = found.boxes[0, slot].float().tolist()
    return (x0, y0, x1, y1) if all(map(math.isfinite, (x0, y0, x1, y1))) else None


def _probability(played: Played, slot: int) -> str:
    """In percent, never rounded to certainty; empty if the model does not decide."""
    if "presence" not in played.model.abilities:
        return ""
    return percent(float(played.found.presence_probs[0, slot]))


def percent(share: float) -> str:
    """A probability in percent, never rounded to certainty."""
    if 0.0005 <= share <= 0.9995 or share in (0.0, 1.0):
        return f"{share:.1%}"
    return "< 0.1%" if share < 0.5 else "> 99.9%"


def _seen(played: Played, slot: int, box: Box | None) -> str:
    glimpser, found = played.glimpser, played.found
    if glimpser is not None and found.where is not None:
        with torch.no_grad():
            glimpse = glimpser.read(played.image, found.where[:, slot : slot + 1])
        return picture(rearrange(glimpse, "1 1 c h w -> c h w")[: played.image.shape[1]])
    if box is not None:
        return picture(_cut(played.image[0], box))
    return picture(played.image[0], found.masks[0, slot + 1 : slot + 2])


def _patch(played: Played, slot: int, box: Box | None, alone: Float[Tensor, "C H W"]) -> str:
    model, found = played.model, played.found
    if box is None:
        return picture(found.canvas[0], found.masks[0, slot + 1 : slot + 2])
    if isinstance(model, WiredModel) and model.renderer is None and model.decoder is not None:
        with torch.no_grad():
            drawn = model.decoder(found.slots[:, slot : slot + 1])
        color = rearrange(drawn.color, "1 1 c h w -> c h w")
        alpha = None if drawn.alpha is None else rearrange(drawn.alpha, "1 1 a h w -> a h w")
        return picture(color, alpha)
    return picture(_cut(alone, box))


def _cut(image: Float[Tensor, "C H W"], box: Box) -> Float[Tensor, "C h w"]:
    """The pixels in a window, at least one of them."""
    (height, width), (x0, y0, x1, y1) = image.shape[-2:], box
    left, top = (min(max(math.floor(v), 0), n - 1) for v, n in ((x0, width), (y0, height)))
    right, bottom = max(math.ceil(x1), left + 1), max(math.ceil(y1), top + 1)
    return image[:, top:bottom, left:right]
