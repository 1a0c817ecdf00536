"""The conformance kit of compositors: canvases and masks of present objects."""

from collections.abc import Mapping

import torch
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor
from objcentric.scene import SceneSpec
from objcentric.testing.capabilities import needs_of
from objcentric.testing.check import PAGE
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.exercise import CANVAS, SLOT, Exercise
from objcentric.testing.expecting import expect, expect_equal, expect_finite, largest
from objcentric.testing.inputs import Draw, extreme, ordinary
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.add import Add
from objcentric.testing.subject import Subject

HALF = 0.5
STRONG = 10.0
"""Log-odds by which an object claims a pixel."""


def layers_for(compositor: Compositor, given: Mapping[str, Tensor]) -> Layers:
    """Layers with the alpha, the mask logits and the depth that the compositor needs."""
    needed = needs_of(compositor)
    return Layers(
        given["color"],
        given["alpha"] if "alpha" in needed else None,
        given["mask_logits"] if "mask logits" in needed else None,
        depth=given["depth"] if "depth" in needed else None,
    )


def _use(
    compositor: Compositor, scene: SceneSpec, given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    layers, presence = layers_for(compositor, given), given["presence"]
    with torch.no_grad():  # masks are not trained through
        masks = compositor.masks(layers, presence)
    return {
        "canvas": compositor(layers, presence),
        "masks": masks,
        "prefixes": compositor.prefixes(layers),
    }


EXERCISE = Exercise(
    takes={
        "color": SLOT,
        "alpha": "B K 1 H W",
        "mask_logits": "B K 1 H W",
        "depth": "B K",
        "presence": "S B K",
    },
    gives={"canvas": CANVAS, "masks": "S B parts H W", "prefixes": "parts B C H W"},
    use=_use,
)


def empty_scene(subject: Subject) -> None:
    """If no slot is present, the canvas is the background, the same for all layers."""
    compositor, inputs = _ready(subject)
    inputs["presence"] = torch.zeros_like(inputs["presence"])
    one = _canvas(compositor, inputs)
    other = _canvas(compositor, {**inputs, "color": 1 - inputs["color"]})
    expect_equal({"canvas": other}, {"canvas": one}, "the same canvas of other absent layers")
    spread = (one - one[:1, :1]).abs().max()
    expect(spread < 1e-9, "one background for all images", f"a difference of {spread:.2g}")


def absent_objects(subject: Subject) -> None:
    """The canvas does not depend on the layers of absent objects."""
    compositor, inputs = _ready(subject)
    slots = inputs["presence"].shape[-1]
    for absent in range(slots):
        inputs["presence"] = torch.ones_like(inputs["presence"])
        inputs["presence"][..., absent] = 0
        changed = {name: value.clone() for name, value in inputs.items()}
        changed["color"][:, absent] = 1 - changed["color"][:, absent]
        changed["alpha"][:, absent] = 1 - changed["alpha"][:, absent]
        changed["mask_logits"][:, absent] += 1
        changed["depth"][:, absent] = 1 - changed["depth"][:, absent]
        expect_equal(
            {"canvas": _canvas(compositor, changed)},
            {"canvas": _canvas(compositor, inputs)},
            f"a canvas that does not depend on slot {absent}, which is absent",
        )


def assignments_apart(subject: Subject) -> None:
    """The canvas of each presence assignment is the same as if it were the only one."""
    compositor, inputs = _ready(subject)
    inputs["presence"][0], inputs["presence"][1] = 0.0, 1.0
    together = _canvas(compositor, inputs)
    for s, presence in enumerate(inputs["presence"].split(1)):
        alone = _canvas(compositor, {**inputs, "presence": presence})
        expect_equal(
            {"canvas": together[s : s + 1]},
            {"canvas": alone},
            "the canvas of an assignment to be the same among others as alone",
        )


def prefixes_in_one_pass(subject: Subject) -> None:
    """`prefixes` gives the canvases and gradients of `forward` with the codes of the first 0, 1, …,
    K objects, in front of black and of a background."""
    compositor, inputs = _ready(subject)
    names = ("color", "alpha", "mask_logits", "depth", "behind")
    inputs["behind"] = torch.rand_like(inputs["color"][:, 0])
    for one_behind in (False, True):
        found: list[dict[str, Tensor]] = []
        for prefixes in (type(compositor).prefixes, Compositor.prefixes):
            leaves = {name: inputs[name].clone().requires_grad_() for name in names}
            behind = leaves["behind"] if one_behind else None
            canvases = prefixes(compositor, layers_for(compositor, leaves), behind)
            weights = torch.linspace(-1, 1, canvases.numel()).to(canvases).view_as(canvases)
            slopes = torch.autograd.grad(
                (weights * canvases).sum(), list(leaves.values()), materialize_grads=True
            )
            given = [f"the gradient of {name}" for name in names]
            found.append({"the canvases": canvases, **dict(zip(given, slopes, strict=True))})
        expect_equal(found[0], found[1], "the same prefixes as from ordered codes", tolerance=1e-9)


def shares_of_prefixes(subject: Subject) -> None:
    """`prefix_shares`, where it is given, are the masks of the first 1, 2, …, K objects."""
    compositor, inputs = _ready(subject)
    layers = layers_for(compositor, inputs)
    shares = compositor.prefix_shares(layers)
    if shares is None:
        raise CheckSkipped("a later object may change the masks of earlier ones")
    slots = inputs["presence"].shape[-1]
    for present in range(1, slots + 1):
        code = (torch.arange(slots) < present).to(inputs["presence"]).expand(1, len(shares), -1)
        masks = _masks(compositor, inputs, code)[0, :, 1 : present + 1]
        expect_equal(
            {"the shares": shares[:, :present]},
            {"the shares": masks},
            f"the masks of the first {present} objects",
        )


def relaxed_presence(subject: Subject) -> None:
    """Presence may take any value in [0, 1]: canvases and gradients are finite, and every slot that
    is half present has a gradient."""
    compositor, inputs = _ready(subject)
    for value in (0.0, HALF, 1.0):
        presence = torch.full_like(inputs["presence"], value).requires_grad_()
        color = (0.2 * inputs["color"]).requires_grad_()
        canvas = _canvas(compositor, {**inputs, "color": color, "presence": presence})
        slopes = torch.autograd.grad(
            canvas.square().sum(), [presence, color], materialize_grads=True
        )
        found = {
            "the canvas": canvas,
            "presence's gradient": slopes[0],
            "layers' gradient": slopes[1],
        }
        expect_finite(found, f"at presence {value}")
        if value == HALF:
            expect(
                (slopes[0] != 0).all(),
                "a gradient for the presence of every slot",
                "some that are 0",
            )
            expect(slopes[1].any(), "a gradient for the layers", "none but 0")


def masks_add_up(subject: Subject) -> None:
    """Masks of the background and of each slot lie in [0, 1] and add up to 1."""
    for draw in (ordinary, extreme):
        compositor, inputs = _ready(subject, draw)
        slots = inputs["presence"].shape[-1]
        for presence in (inputs["presence"], HALF * torch.ones_like(inputs["presence"])):
            masks = _masks(compositor, inputs, presence)
            parts = masks.shape[2]
            expect(parts == slots + 1, f"masks of a background and {slots} slots", parts)
            low, high = float(masks.min()), float(masks.max())
            expect(low >= 0 and high <= 1 + 1e-9, "masks in [0, 1]", f"{low:.3g} to {high:.3g}")
            off = largest(masks.sum(2) - 1)
            expect(off < 1e-6, "masks that add up to 1", f"a sum that is {off:.2g} off")


def masks_of_absent_objects(subject: Subject) -> None:
    """An absent object explains nothing; if no slot is present, the background explains all."""
    compositor, inputs = _ready(subject)
    for absent in range(inputs["presence"].shape[-1]):
        presence = torch.ones_like(inputs["presence"])
        presence[..., absent] = 0
        found = largest(_masks(compositor, inputs, presence)[:, :, absent + 1])
        expect(found < 1e-9, f"no mask of slot {absent}, which is absent", f"up to {found:.2g}")
    off = largest(_masks(compositor, inputs, torch.zeros_like(presence))[:, :, 0] - 1)
    expect(off < 1e-9, "everything to be background with nobody present", f"{off:.2g} that is not")


def mask_of_one_object(subject: Subject) -> None:
    """A single object explains at least half of each pixel where it is bright and opaque. Where it
    draws nothing, all is background, unless slots compete by mask logits."""
    compositor, inputs = _ready(subject)
    left = inputs["color"].shape[-1] // 2
    for k in range(inputs["presence"].shape[-1]):
        drawn = {name: torch.zeros_like(value) for name, value in inputs.items()}
        drawn["color"][:, k, ..., :left] = 1
        drawn["alpha"][:, k, ..., :left] = 1
        drawn["mask_logits"][:, k] = -STRONG
        drawn["mask_logits"][:, k, ..., :left] = STRONG
        drawn["presence"][..., k] = 1
        masks = _masks(compositor, drawn, drawn["presence"])
        least = float(masks[:, :, k + 1, :, :left].min())
        expect(least >= HALF, f"half or more of where slot {k} is bright and opaque", least)
        if layers_for(compositor, drawn).mask_logits is None:
            most = float(masks[:, :, k + 1, :, left:].max())
            expect(most < 1e-9, f"nothing of where slot {k} draws nothing", most)
            rest = float(masks[:, :, 0, :, left:].min())
            expect(rest > 1 - 1e-9, "all of where nothing is drawn to be background", rest)


def _ready(subject: Subject, draw: Draw = ordinary) -> tuple[Compositor, dict[str, Tensor]]:
    compositor = subject.build().double()
    inputs = EXERCISE.inputs(compositor, subject.scene, dtype=torch.float64, draw=draw)
    return compositor, {name: value.detach() for name, value in inputs.items()}


def _canvas(compositor: Compositor, inputs: dict[str, Tensor]) -> Tensor:
    canvas: Tensor = compositor(layers_for(compositor, inputs), inputs["presence"])
    return canvas


def _masks(compositor: Compositor, inputs: dict[str, Tensor], presence: Tensor) -> Tensor:
    with torch.no_grad():
        masks: Tensor = compositor.masks(layers_for(compositor, inputs), presence)
        return masks


KIT = InterfaceKit(
    interface=Compositor,
    exercise=EXERCISE,
    partner=Add,
    checks=(
        empty_scene,
        absent_objects,
        assignments_apart,
        prefixes_in_one_pass,
        shares_of_prefixes,
        relaxed_presence,
        masks_add_up,
        masks_of_absent_objects,
        mask_of_one_object,
    ),
    page=PAGE,
)
