"""Pictures of one scene and of the objects found in it, ready to be shown (`SceneView`)."""

import math
from dataclasses import dataclass

import torch
from einops import rearrange, repeat
from jaxtyping import Bool, UInt8
from torch import Tensor

from objcentric.report.colors import slot_color, slot_ink
from objcentric.report.found import Found
from objcentric.report.images import data_uri

Box = tuple[float, float, float, float]
"""`(x0, y0, x1, y1)` in pixels from the top left corner."""

TINT = 190
"""Opacity of a segment's colour over its scene, of 255."""


@dataclass(frozen=True)
class ObjectView:
    """One present slot.

    Attributes:
        key: an identifier that is unique on the page.
        number: the slot's number in the order of inference, from 1.
        name: `step 2` in a model with windows, `slot 2` in one without.
        color: the slot's colour.
        ink: a colour for text on it.
        drawn: what the slot draws, transparent where it explains nothing.
        mask: how much of each pixel it explains.
        seen: the part of the scene in its window; empty without windows.
        box: its window; None without windows.
        center: the pixel of its segment that is nearest to the segment's middle, as (x, y), where
            its number is written; None if it has no segment.
        presence: the probability that it is present; empty if it is not known.
        facts: number, presence and window in words.
    """

    key: str
    number: int
    name: str
    color: str
    ink: str
    drawn: str
    mask: str
    seen: str
    box: Box | None
    center: tuple[float, float] | None
    presence: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class SceneView:
    """One scene.

    Attributes:
        key: an identifier that is unique on the page.
        width: width of the scene, in pixels.
        height: height of the scene, in pixels.
        image: the scene.
        canvas: the reconstruction.
        segments: a tint for each pixel in the colour of the slot that explains most of it.
        objects: the present slots, in the order of inference.
        absent: names and probabilities of the other slots.
        has_windows: whether the model has windows.
        found: number of objects found; None if the model does not decide about presence.
        true: number of objects in the scene; None if it is unknown.
        remark: what is to be said of this scene beside the count; may be empty.
    """

    key: str
    width: int
    height: int
    image: str
    canvas: str
    segments: str
    objects: tuple[ObjectView, ...]
    absent: tuple[str, ...]
    has_windows: bool
    found: int | None
    true: int | None
    remark: str = ""

    @property
    def count(self) -> str:
        """The count found, and whether it is right; empty if the model does not count."""
        if self.found is None:
            return ""
        if self.true is None:
            return f"{self.found} found"
        right = self.found == self.true
        return f"{self.found} found ✓" if right else f"{self.found} found ✗ {self.true} there"

    @property
    def is_wrong(self) -> bool:
        """Whether the count is known to be wrong."""
        return self.true is not None and self.found is not None and self.true != self.found

    @property
    def alt(self) -> str:
        """What the scene with its windows shows, in words."""
        parts = [
            f"{each.name} at x {_span(each.box, 0)}, y {_span(each.box, 1)}"
            if each.box is not None
            else each.name
            for each in self.objects
        ]
        what = "windows" if self.has_windows else "segments"
        return f"Scene with {what}: {'; '.join(parts)}" if parts else "Scene without objects found"

    @classmethod
    def of(
        cls, found: Found, scene: int, key: str, *, objects: bool, remark: str = ""
    ) -> "SceneView":
        """The view of a scene.

        Args:
            found: some scenes.
            scene: which of them.
            key: an identifier that is unique on the page.
            objects: whether the objects have pictures of their own; without, they have windows and
                facts alone.
            remark: see the attributes.
        """
        height, width = found.images.shape[-2:]
        present = found.presence[scene]
        return cls(
            key=key,
            width=width,
            height=height,
            image=data_uri(found.images[scene]),
            canvas=data_uri(found.canvas[scene]),
            segments=data_uri(_segments(found.masks[scene])),
            objects=tuple(
                _object(found, scene, slot, f"{key}-{slot + 1}", objects)
                for slot in present.nonzero().flatten().tolist()
            ),
            absent=tuple(
                _absent(found, scene, slot) for slot in (~present).nonzero().flatten().tolist()
            ),
            has_windows=found.boxes is not None,
            found=int(present.sum()) if found.decides else None,
            true=None if found.counts is None else int(found.counts[scene]),
            remark=remark,
        )


def views(found: Found, key: str, *, objects: bool) -> tuple[SceneView, ...]:
    """The views of all scenes, numbered."""
    return tuple(
        SceneView.of(found, scene, f"{key}-{scene + 1}", objects=objects)
        for scene in range(len(found))
    )


def _object(found: Found, scene: int, slot: int, key: str, pictures: bool) -> ObjectView:
    box: Box | None = None
    if found.boxes is not None:
        x0, y0, x1, y1 = found.boxes[scene, slot].tolist()
        box = (x0, y0, x1, y1)
    mask = found.masks[scene, slot + 1 : slot + 2]
    part = _part(box, *found.images.shape[-2:])
    drawn = torch.cat([_color(found.canvas[scene]), mask])
    return ObjectView(
        key=key,
        number=slot + 1,
        name=_name(found, slot),
        color=slot_color(slot),
        ink=slot_ink(slot),
        drawn=data_uri(drawn[part]) if pictures else "",
        mask=data_uri(mask) if pictures else "",
        seen=data_uri(found.images[scene][part]) if pictures and box else "",
        box=box,
        center=_center(found.masks[scene].max(0).indices == slot + 1),
        presence=_percent(found, scene, slot),
        facts=_facts(found, scene, slot, box),
    )


def _absent(found: Found, scene: int, slot: int) -> str:
    share = _percent(found, scene, slot)
    return f"{_name(found, slot)} ({share})" if share else _name(found, slot)


def _facts(found: Found, scene: int, slot: int, box: Box | None) -> tuple[str, ...]:
    facts = [f"{_name(found, slot)} of {found.slots}"]
    if share := _percent(found, scene, slot):
        facts.append(f"presence {share}")
    if box is not None:
        facts.append(f"x {_span(box, 0)}, y {_span(box, 1)}")
    return tuple(facts)


def _name(found: Found, slot: int) -> str:
    """Slots with windows are called steps, as in AIR, which finds them one after the other."""
    return f"{'slot' if found.boxes is None else 'step'} {slot + 1}"


def _percent(found: Found, scene: int, slot: int) -> str:
    """A probability of presence, never rounded to certainty; empty if it is not known."""
    if found.probs is None:
        return ""
    share = float(found.probs[scene, slot])
    if 0.0005 <= share <= 0.9995 or share in (0.0, 1.0):
        return f"{share:.1%}"
    return "< 0.1%" if share < 0.5 else "> 99.9%"


def _span(box: Box | None, axis: int) -> str:
    return "" if box is None else f"{box[axis]:.0f}…{box[axis + 2]:.0f}"


def _part(box: Box | None, height: int, width: int) -> tuple[slice, slice, slice]:
    """The pixels in a window, at least one of them; all of them without a window."""
    if box is None or not all(map(math.isfinite, box)):
        return slice(None), slice(None), slice(None)
    x0, y0 = (min(max(math.floor(v), 0), n - 1) for v, n in zip(box, (width, height), strict=False))
    x1, y1 = (math.ceil(v) for v in box[2:])
    return slice(None), slice(y0, max(y1, y0 + 1)), slice(x0, max(x1, x0 + 1))


def _color(image: UInt8[Tensor, "C H W"]) -> UInt8[Tensor, "color H W"]:
    """An image in one or three channels, to which opacity can be added."""
    return image if image.shape[0] in (1, 3) else image[:1]


def _center(segment: Bool[Tensor, "H W"]) -> tuple[float, float] | None:
    """The middle of the pixel that is nearest to the mean of a segment's pixels."""
    pixels = segment.nonzero().float()  # (pixels, yx)
    if not len(pixels):
        return None
    y, x = pixels[(pixels - pixels.mean(0)).square().sum(-1).argmin()].tolist()
    return x + 0.5, y + 0.5


def _segments(masks: UInt8[Tensor, "parts H W"]) -> UInt8[Tensor, "4 H W"]:
    """Each pixel in the colour of the slot with the largest mask; transparent where that is the
    background."""
    names = ["#000000", *(slot_color(slot) for slot in range(len(masks) - 1))]
    colors = torch.tensor([[int(n[i : i + 2], 16) for i in (1, 3, 5)] for n in names])
    largest = masks.max(0).indices
    tint = rearrange(colors.to(torch.uint8)[largest], "h w c -> c h w")
    opacity = repeat(TINT * (largest > 0), "h w -> 1 h w").to(torch.uint8)
    return torch.cat([tint, opacity])
