"""The conformance kit of scene models, as training and evaluation use them."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from objcentric.interfaces import Ability, NotAble, SceneModel
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import BATCH, IMAGE, Exercise
from objcentric.testing.expecting import expect, expect_equal, expect_finite, largest
from objcentric.testing.inputs import start
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.rectangles import Rectangles
from objcentric.testing.subject import Subject

SAMPLES = 3
INFERRED = {
    "presence_probs": "B slots",
    "slots": "B slots features",
    "canvas": IMAGE,
    "masks": "B parts H W",
    "boxes": "B slots 4",
    "where": "B slots coordinates",
}


def _use(model: SceneModel, scene: SceneSpec, given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    image = given["image"]
    objective = model.objective(image, start(image.device))
    return {
        "loss": objective.loss,
        "terms": torch.stack(list(objective.terms.values())),
        "presence": objective.presence,
        **{f"inferred_{name}": value for name, value in _inferred(model, image).items()},
    }


def _inferred(model: SceneModel, image: Tensor) -> dict[str, Tensor]:
    inference = model.infer(image)
    found = {name: getattr(inference, name) for name in ("presence", *INFERRED)}
    return {name: value for name, value in found.items() if value is not None}


EXERCISE = Exercise(
    takes={"image": IMAGE},
    gives={
        "loss": "",
        "terms": "terms B",
        "presence": "B slots",
        "inferred_presence": "B slots",
        **{f"inferred_{name}": dimensions for name, dimensions in INFERRED.items()},
    },
    use=_use,
    has_chance=True,
)


def objective_reported(subject: Subject) -> None:
    """The loss has a gradient for its weights; terms, presence and diagnostics are detached."""
    model, image = _ready(subject)
    objective = model.objective(image, start())
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    expect(bool(weights), "weights to learn", "none")
    found = torch.autograd.grad(objective.loss, weights, materialize_grads=True)
    expect(any(gradient.any() for gradient in found), "a gradient for its weights", "none but 0")
    reported = {**objective.terms, **objective.diagnostics, "presence": objective.presence}
    attached = [name for name, value in reported.items() if value.requires_grad]
    expect(not attached, "all but the loss to be detached", attached)
    expect(bool(objective.terms), "the loss's terms by name", "none")
    shapes = {name: tuple(value.shape) for name, value in objective.terms.items()}
    expect(set(shapes.values()) == {(BATCH,)}, f"terms ({BATCH},), one value an image", shapes)
    sizes = {name: value.numel() for name, value in objective.diagnostics.items()}
    expect(set(sizes.values()) <= {1}, "diagnostics that are scalars", sizes)


def inference_is_settled(subject: Subject) -> None:
    """Inference depends on the image alone, and has no gradient."""
    model, image = _ready(subject)
    found = [_seeded(model, image.requires_grad_(), seed) for seed in (1, 2)]
    expect_equal(found[1], found[0], "the same inference of the same images", tolerance=0)
    attached = [name for name, value in found[0].items() if value.requires_grad]
    expect(not attached, "an inference without gradients", attached)


def inference_an_image(subject: Subject) -> None:
    """The inference of an image does not depend on the other images of the batch."""
    model, image = _ready(subject)
    together = _seeded(model, image)
    order = torch.tensor([2, 0, 3, 1])
    expect_equal(
        _seeded(model, image[order]),
        {name: value[order] for name, value in together.items()},
        "inferences that change places as the images do",
        tolerance=1e-8,
    )
    expect_equal(
        _seeded(model, image[:1]),
        {name: value[:1] for name, value in together.items()},
        "an image's inference to be the same among others as alone",
        tolerance=1e-8,
    )


def inferred_presence(subject: Subject) -> None:
    """Presence is 0 or 1 and its probability in [0, 1]; without the ability all are present."""
    model, image = _ready(subject)
    inference = model.eval().infer(image)
    presence, probs = inference.presence, inference.presence_probs
    expect(((presence == 0) | (presence == 1)).all(), "presence of 0 or 1", presence.unique())
    low, high = float(probs.min()), float(probs.max())
    expect(low >= 0 and high <= 1, "probabilities in [0, 1]", f"{low:.3g} to {high:.3g}")
    if "presence" not in model.abilities:
        expect(presence.all(), "all slots present, without the ability 'presence'", "others, too")


def inferred_masks(subject: Subject) -> None:
    """Masks of the background and of each slot lie in [0, 1] and add up to 1."""
    model, image = _ready(subject)
    inference = model.eval().infer(image)
    parts, slots = inference.masks.shape[1], inference.presence.shape[1]
    expect(parts == slots + 1, f"masks of a background and {slots} slots", f"{parts} masks")
    low, high = float(inference.masks.min()), float(inference.masks.max())
    expect(low >= 0 and high <= 1 + 1e-6, "masks in [0, 1]", f"{low:.3g} to {high:.3g}")
    off = largest(inference.masks.sum(1) - 1)
    expect(off < 1e-5, "masks that add up to 1", f"a sum that is {off:.2g} off")


def abilities_told(subject: Subject) -> None:
    """The model can do what its abilities name, and raises `NotAble` for the rest."""
    model, image = _ready(subject)
    boxes = model.eval().infer(image).boxes
    has, says = boxes is not None, "boxes" in model.abilities
    expect(has == says, f"boxes exactly if it says so, and it {_says(says)}", boxes)
    _expect_attributes(model, image)
    _expect_able(model, "density", lambda: model.log_weights(image, SAMPLES), (SAMPLES, BATCH))
    _expect_able(model, "density", lambda: model.log_likelihood(image), (BATCH,))
    shape = (SAMPLES, *subject.scene.image_shape)
    _expect_able(model, "generate", lambda: model.generate(SAMPLES), shape)
    found, canvas = model.infer(image), tuple(image.shape)
    _expect_able(model, "redraw", lambda: model.redraw(image, found), canvas)


def redrawn(subject: Subject) -> None:
    """An inference that nobody has changed is redrawn as it was."""
    model, image = _ready(subject)
    inference = model.eval().infer(image)
    if "redraw" in model.abilities:
        off = largest(model.redraw(image, inference) - inference.canvas)
        expect(off < 1e-5, "the canvas of the inference", f"one that is {off:.2g} off")


def _expect_attributes(model: SceneModel, image: Tensor) -> None:
    inference = model.infer(image)
    found, says = inference.attributes, "attributes" in model.abilities
    expect(bool(found) == says, f"attributes exactly if it says so, and it {_says(says)}", found)
    slots = tuple(inference.presence.shape)
    for name, value in found.items():
        expect(tuple(value.shape[:2]) == slots, f"{name} of {slots} slots", tuple(value.shape))


def _seeded(model: SceneModel, image: Tensor, seed: int = 0) -> dict[str, Tensor]:
    torch.manual_seed(seed)
    return _inferred(model.eval(), image)


def _expect_able(
    model: SceneModel, ability: Ability, ask: Callable[[], Tensor], shape: tuple[int, ...]
) -> None:
    says = ability in model.abilities
    try:
        found = ask()
    except NotAble as error:
        expect(not says, f"what the ability {ability!r} promises", f"NotAble: {error}")
        return
    expect(says, f"NotAble of a model without the ability {ability!r}", "an answer")
    expect(tuple(found.shape) == shape, f"{shape} by the ability {ability!r}", tuple(found.shape))
    expect_finite({f"what the ability {ability!r} gives": found}, "for ordinary images")


def _says(says: bool) -> str:
    return "does" if says else "does not"


def _ready(subject: Subject) -> tuple[SceneModel, Tensor]:
    """The model and images for it, in float64."""
    model = subject.build().double()
    image = EXERCISE.inputs(model, subject.scene, dtype=torch.float64)["image"]
    return model, image.detach()


KIT = InterfaceKit(
    interface=SceneModel,
    exercise=EXERCISE,
    partner=Rectangles,
    checks=(
        objective_reported,
        inference_is_settled,
        inference_an_image,
        inferred_presence,
        inferred_masks,
        abilities_told,
        redrawn,
    ),
    page=PAGE,
)
