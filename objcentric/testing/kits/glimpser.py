"""The conformance kit of glimpsers: reading, writing and boxes agree about the place."""

from collections.abc import Mapping
from dataclasses import replace

import torch
from einops import rearrange, repeat
from jaxtyping import Bool, Float
from torch import Tensor

from objcentric.interfaces import Glimpser
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.exercise import IMAGE, SLOT, Exercise
from objcentric.testing.expecting import expect, expect_finite
from objcentric.testing.inputs import ordinary
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.window import Window
from objcentric.testing.subject import Subject

CANVAS, PATCH = (1, 48, 48), 12
"""Large enough for windows to have different places, with patches finer than the windows."""
WINDOWS = 64
SPREAD = 0.5
"""Windows are drawn closer to the prior's mean than under the prior, to lie on the canvas."""
SAME_SHAPE = 0.9
"""Correlation: bilinear sampling twice leaves 0.99, a mirrored or turned patch less than 0.7."""
EDGE = 2.0
"""Tolerance of boxes in pixels, for half a pixel of the patch, rounding and rotated corners."""
FLIGHT = (3.0, 10.0, 30.0, 100.0)
"""Distance by which coordinates are moved to leave the canvas, in standard deviations."""


def _use(glimpser: Glimpser, scene: SceneSpec, given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    where = given["where"]
    return {
        "glimpses": glimpser.read(given["image"], where),
        "layers": glimpser.write(given["patches"], where),
        "boxes": glimpser.boxes(where),
    }


def _settle(scene: SceneSpec, glimpser: Glimpser) -> SceneSpec:
    return scene.requested.settled(glimpser.where, glimpser.glimpse_shape, scene.slots)


EXERCISE = Exercise(
    takes={"image": IMAGE, "where": "B K D", "patches": "B K C P P"},
    gives={"glimpses": "B K c h w", "layers": SLOT, "boxes": "B K 4"},
    use=_use,
    settle=_settle,
)


def inverse_placement(subject: Subject) -> None:
    """A patch that is written and read back at the same place looks the same."""
    glimpser, scene = _roomy(subject)
    if glimpser.glimpse_shape != glimpser.patch_shape:
        raise CheckSkipped("its glimpses are not of the patch's shape, and cannot be compared")
    where = _on_the_canvas(glimpser, scene)
    patch = _spot(scene.glimpse).expand(1, where.shape[1], *scene.patch_shape)
    layers = rearrange(glimpser.write(patch, where), "1 k c h w -> k c h w")
    seen = glimpser.read(layers, rearrange(where, "1 k d -> k 1 d"))
    likeness = _correlation(seen.flatten(1), patch.flatten(2)[0])
    expect(
        likeness.min() > SAME_SHAPE,
        f"a patch that is written and read back at one place to correlate above {SAME_SHAPE} "
        "with itself",
        f"{likeness.min():.2f}",
    )


def where_gradient(subject: Subject) -> None:
    """Reading and writing both have a gradient for every coordinate of where."""
    glimpser, scene = _roomy(subject)
    where = _on_the_canvas(glimpser, scene).requires_grad_()
    image = _spot(CANVAS[-1]).expand(1, *CANVAS) + 0.3 * torch.rand(1, *CANVAS).double()
    patches = torch.rand(1, where.shape[1], *scene.patch_shape, dtype=torch.float64)
    results = {"read": glimpser.read(image, where), "write": glimpser.write(patches, where)}
    for name, result in results.items():
        weights = torch.rand_like(result)
        (slope,) = torch.autograd.grad((result * weights).sum(), where, materialize_grads=True)
        expect_finite({f"{name}'s gradient for where": slope}, "on the canvas")
        deaf = [
            coordinate
            for coordinate, used in zip(glimpser.where.names, slope.abs().sum((0, 1)), strict=True)
            if used == 0
        ]
        expect(not deaf, f"a gradient from {name} for every coordinate", f"none for {deaf}")


def boxes(subject: Subject) -> None:
    """A patch of ones lights the canvas inside the window's box, in pixels."""
    glimpser, scene = _roomy(subject)
    where = _on_the_canvas(glimpser, scene)
    ones = torch.ones(1, where.shape[1], 1, scene.glimpse, scene.glimpse, dtype=torch.float64)
    layers = glimpser.write(ones, where)[0, :, 0]  # (K, H, W)
    lit = layers > 0.5 * rearrange(layers.flatten(1).amax(1), "k -> k 1 1")
    measured = torch.tensor([_bounds(window) for window in lit], dtype=torch.float64)
    off = (glimpser.boxes(where)[0] - measured).abs()
    worst = int(off.amax(-1).argmax())
    expect(
        off.max() <= EDGE,
        f"boxes (x0, y0, x1, y1) within {EDGE} pixels of the lit {measured[worst].tolist()}",
        [round(side, 1) for side in glimpser.boxes(where)[0, worst].tolist()],
    )


def outside(subject: Subject) -> None:
    """A patch whose window lies outside the canvas adds nothing to it."""
    glimpser, scene = _roomy(subject)
    where = _everywhere(glimpser)
    x0, y0, x1, y1 = glimpser.boxes(where).unbind(-1)
    _, height, width = CANVAS
    margin_x, margin_y = (x1 - x0).clamp(min=1), (y1 - y0).clamp(min=1)
    away = (x1 + margin_x < 0) | (y1 + margin_y < 0)
    away = away | (x0 - margin_x > width) | (y0 - margin_y > height)
    if not away.any():
        raise CheckSkipped("its windows do not leave the canvas")
    patches = torch.ones(1, where.shape[1], *scene.patch_shape, dtype=torch.float64)
    added = glimpser.write(patches, where)[away].abs().max()
    expect(added < 1e-3, "nothing on the canvas from windows that lie beyond it", f"{added:.3g}")


def write_channels(subject: Subject) -> None:
    """Patches of any number of channels can be written, for example alpha."""
    scene = subject.scene
    glimpser = subject.build().double()
    where = ordinary("where", (2, 3, glimpser.where.dim), _settle(scene, glimpser))
    side = scene.glimpse
    patches = torch.rand(2, 3, scene.channels + 1, side, side, dtype=torch.float64)
    together = glimpser.write(patches, where)
    wanted = (2, 3, scene.channels + 1, *scene.image_shape[1:])
    expect(together.shape == wanted, f"layers {wanted}", tuple(together.shape))
    apart = [glimpser.write(patch, where) for patch in patches.split(1, dim=2)]
    off = (together - torch.cat(apart, dim=2)).abs().max()
    expect(off < 1e-9, "channels written together as they are alone", f"{off:.2g} difference")


def _roomy(subject: Subject) -> tuple[Glimpser, SceneSpec]:
    """The glimpser in float64, on a canvas of many pixels."""
    scene = subject.scene
    if not subject.build().where.dim:
        raise CheckSkipped("its windows are all the same")
    if subject.instance is None:
        wanted = replace(scene.requested, image_shape=CANVAS, glimpse=PATCH)
        scene = wanted.settled(scene.where)
    elif scene.image_shape != CANVAS or scene.glimpse != PATCH:
        raise CheckSkipped(f"an object was given; it would have to be for {CANVAS} and {PATCH}")
    return subject.build(scene).double(), scene


def _on_the_canvas(glimpser: Glimpser, scene: SceneSpec) -> Float[Tensor, "1 K D"]:
    """Windows near the prior's mean whose boxes lie on the canvas.

    Raises:
        CheckFailed: there are none.
    """
    loc, scale = torch.tensor([glimpser.where.loc, glimpser.where.scale], dtype=torch.float64)
    where = loc + SPREAD * scale * torch.randn(WINDOWS, len(loc), dtype=torch.float64)
    boxes = glimpser.boxes(rearrange(where, "k d -> 1 k d"))[0]
    inside = (boxes[:, :2] >= 1).all(-1) & (boxes[:, 2:] <= CANVAS[-1] - 1).all(-1)
    expect(inside.any(), "some windows near the prior's mean on the canvas", "none")
    return rearrange(where[inside], "k d -> 1 k d")


def _everywhere(glimpser: Glimpser) -> Float[Tensor, "1 K D"]:
    """Windows with one coordinate moved far to either side. If all were moved at once, wide filters
    would reach the canvas from far away."""
    loc, scale = torch.tensor([glimpser.where.loc, glimpser.where.scale], dtype=torch.float64)
    eye = torch.eye(len(loc), dtype=torch.float64)
    ways = torch.cat([eye, -eye])
    steps = torch.tensor(FLIGHT, dtype=torch.float64)
    moved = rearrange(steps, "n -> n 1 1") * ways * scale
    return rearrange(loc + moved, "n w d -> 1 (n w) d")


def _spot(size: int) -> Float[Tensor, "size size"]:
    """A smooth spot off the centre, which differs from its mirrored or transposed image."""
    line = (2 * torch.arange(size, dtype=torch.float64) + 1) / size - 1
    across, down = (
        torch.exp(-(((line - 0.3) / 0.35) ** 2)),
        torch.exp(-(((line + 0.15) / 0.35) ** 2)),
    )
    return repeat(down, "h -> h w", w=size) * across


def _correlation(a: Float[Tensor, "K N"], b: Float[Tensor, "K N"]) -> Float[Tensor, " K"]:
    a, b = a - a.mean(1, keepdim=True), b - b.mean(1, keepdim=True)
    return (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1)).clamp(min=1e-12)


def _bounds(lit: Bool[Tensor, "H W"]) -> list[float]:
    """x0, y0, x1, y1 of the outer edges of lit pixels; all -1 if no pixel is lit."""
    rows, columns = lit.any(1).nonzero(), lit.any(0).nonzero()
    if not len(rows):
        return [-1.0] * 4
    return [
        float(columns.min()),
        float(rows.min()),
        float(columns.max()) + 1,
        float(rows.max()) + 1,
    ]


KIT = InterfaceKit(
    interface=Glimpser,
    exercise=EXERCISE,
    partner=Window,
    checks=(inverse_placement, where_gradient, boxes, outside, write_channels),
    page=PAGE,
)
