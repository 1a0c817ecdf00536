"""Scenes of a canvas generator, by number and without end (`CanvasStream`)."""

from collections.abc import Collection

import torch
from einops import rearrange
from jaxtyping import Bool, Int32, Int64, Shaped, UInt8
from torch import Tensor

from objcentric.interfaces import TruthName
from objcentric_scenes.canvas_generator import CanvasGenerator, Purpose, noise_numbers
from objcentric_scenes.colors import COLUMNS
from objcentric_scenes.digest import ATTRIBUTE
from objcentric_scenes.endless.arrangement import arrange
from objcentric_scenes.endless.bits import Bits, integers_below
from objcentric_scenes.endless.colors import background_colors, object_colors
from objcentric_scenes.endless.painting import (
    Plane,
    add_up,
    cover,
    segment_added,
    segment_covered,
    visible_pixels,
    whole_pixels,
)
from objcentric_scenes.endless.tensor_stream import ALL, TensorStream
from objcentric_scenes.endless.tensors import TensorStampMaker, TensorStamps
from objcentric_scenes.stamps import StampMaker


class CanvasStream(TensorStream):
    """Training scenes of a canvas generator.

    Args:
        generator: says what a scene is like.
        maker: makes its objects.
    """

    def __init__(self, generator: CanvasGenerator, maker: StampMaker) -> None:
        super().__init__(generator.seed)
        self.generator = generator
        self.maker = maker
        self._makers: dict[torch.device, TensorStampMaker] = {}

    def made(
        self, bits: Bits, known: Collection[TruthName] = ALL
    ) -> dict[str, Shaped[Tensor, "n ..."]]:
        # Step by step as in `CanvasGenerator`, so that the same bits give the same scenes.
        look, device = self.generator, bits.device
        allowed = torch.tensor(look.counts, device=device)
        objects = max(1, max(look.counts))
        counts = allowed[integers_below(len(allowed), bits.draw(Purpose.COUNTS)[:, 0])]
        present = torch.arange(objects, device=device) < rearrange(counts, "n -> n 1")
        drawn = bits.draw(Purpose.OBJECTS, objects, self.maker.columns)[:, 0]
        stamps = self._on(device).stamps(drawn, present)
        corners = arrange(stamps, look.canvas, look.rule, bits, Purpose.ATTEMPTS)
        levels = bits.draw(Purpose.BACKGROUNDS, COLUMNS)[:, 0]
        ground = background_colors(look.background, look.channels, levels)
        colors = object_colors(look.colors, objects, ground, look.contrast, bits, Purpose.COLORS)
        plane = Plane(stamps.ink, corners, look.canvas)
        images = self._painted(plane, colors, ground)
        if look.noise:
            numbers = noise_numbers(images[0].numel())
            images = _noisy(images, look.noise, bits.draw(Purpose.NOISE, numbers)[:, 0])
        found = {"images": images.to(torch.uint8), "counts": counts}
        return found | self._truth(stamps, plane, colors, present, known)

    def _on(self, device: torch.device) -> TensorStampMaker:
        if device not in self._makers:
            self._makers[device] = self.maker.on(device)
        return self._makers[device]

    def _painted(
        self, plane: Plane, colors: UInt8[Tensor, "N M C"], ground: UInt8[Tensor, "N C"]
    ) -> Int32[Tensor, "N C H W"]:
        behind = rearrange(ground, "n c -> n c 1 1")
        picture = self.generator.picture
        if picture is not None:
            behind = behind + torch.from_numpy(rearrange(picture, "h w c -> c h w")).to(behind)
        if self.generator.overlap == "cover":
            return cover(plane, colors, behind)
        return (add_up(plane, colors) + behind).clamp(max=255)

    def _truth(
        self,
        stamps: TensorStamps,
        plane: Plane,
        colors: UInt8[Tensor, "N M C"],
        present: Bool[Tensor, "N M"],
        known: Collection[TruthName],
    ) -> dict[str, Shaped[Tensor, "N ..."]]:
        """What is known of the objects, of what somebody asks for."""
        there = rearrange(present, "n m -> n m 1")
        shift = torch.cat([plane.corners, plane.corners], dim=-1)
        boxes = torch.where(there, stamps.boxes + shift, 0).float()
        found: dict[str, Tensor] = {"boxes": boxes, "labels": stamps.labels}
        covers = self.generator.overlap == "cover"
        if "segmentation" in known or (covers and "attributes" in known):
            found["segmentation"] = segment_covered(plane) if covers else segment_added(plane)
        if "attributes" in known:
            attributes = dict(stamps.attributes)
            if self.generator.colors != "white":
                attributes["color"] = torch.where(there, colors, 0)
            if covers:
                shown = visible_pixels(found["segmentation"], plane.objects)
                whole = whole_pixels(plane.ink).clamp(min=1)
                attributes["visible"] = (shown.double() / whole).float()
            found |= {f"{ATTRIBUTE}{name}": value for name, value in attributes.items()}
        return found


def _noisy(
    images: Int32[Tensor, "N C H W"], most: int, bits: Int64[Tensor, "N columns"]
) -> Int32[Tensor, "N C H W"]:
    """Images with uniform noise of -most…most, clipped to 0…255."""
    shifts = torch.arange(0, 64, 16, device=bits.device)
    parts = (rearrange(bits, "n k -> n k 1") >> shifts) & 0xFFFF
    height, width = images.shape[2:]
    parts = rearrange(parts, "n k four -> n (k four)")[:, : images[0].numel()]
    change = ((parts * (2 * most + 1)) >> 16) - most
    placed = rearrange(change, "n (h w c) -> n c h w", h=height, w=width)
    return (images + placed.int()).clamp(0, 255)
