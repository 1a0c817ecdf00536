"""Checks of every component with an exercise: shapes, precision, gradients and state."""

import torch
from torch import Tensor

from objcentric.scene import SceneSpec
from objcentric.testing.check import Check
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.exercise import BATCH, Exercise, with_image, with_slots
from objcentric.testing.expecting import expect, expect_equal, expect_finite
from objcentric.testing.inputs import extreme, in_bfloat16
from objcentric.testing.subject import Subject
from objcentric.testing.weighing import gradients_of


def shapes(subject: Subject) -> None:
    """Outputs have the shapes of the interface, for three slots."""
    _expect_shapes(subject, subject.scene)


def one_slot(subject: Subject) -> None:
    """The slot dimension is kept when there is one slot."""
    _expect_shapes(subject, with_slots(subject.scene, 1))


def batch_of_one(subject: Subject) -> None:
    """The batch dimension is kept when there is one image, and nothing is divided by 0."""
    _expect_shapes(subject, subject.scene, batch=1)


def non_square_image(subject: Subject) -> None:
    """Height and width are not mixed up; a constructor may refuse with a `ValueError`."""
    channels, height, width = subject.scene.image_shape
    _expect_shapes(subject, with_image(subject.scene, (channels, height, width + 8)))


def three_channels(subject: Subject) -> None:
    """Images may have three channels; a constructor may refuse with a `ValueError`."""
    _, height, width = subject.scene.image_shape
    _expect_shapes(subject, with_image(subject.scene, (3, height, width)))


def double_precision(subject: Subject) -> None:
    """Inputs and weights in float64 give outputs in float64."""
    exercise, component = subject.exercise, subject.build().double()
    inputs = exercise.inputs(component, subject.scene, dtype=torch.float64)
    for name, value in exercise.run(component, subject.scene, inputs).items():
        expect(value.dtype == torch.float64, f"{name} in float64, as the inputs are", value.dtype)


def device(subject: Subject) -> None:
    """Everything is computed on the device of the inputs and the weights."""
    if not torch.cuda.is_available():
        raise CheckSkipped("there is no CUDA device here")
    exercise, component = subject.exercise, subject.build().cuda()
    inputs = {
        name: value.detach().cuda()
        for name, value in exercise.inputs(component, subject.scene).items()
    }
    for name, value in exercise.run(component, subject.scene, inputs).items():
        expect(value.is_cuda, f"{name} on the inputs' CUDA device", f"it on {value.device}")


def determinism(subject: Subject) -> None:
    """All randomness comes from torch's generator: the same seed gives the same outputs."""
    exercise = subject.exercise
    one, two = (_outputs(subject, subject.build()) for _ in range(2))
    expect_equal(two, one, "the same outputs from the same seed, twice", tolerance=1e-6)
    expect(one.keys() <= exercise.gives.keys(), f"outputs among {set(exercise.gives)}", set(one))


def batch_permutation(subject: Subject) -> None:
    """Images in another order give the same outputs in that order."""
    exercise, component = subject.exercise, subject.build().double().eval()
    if exercise.has_chance:
        raise CheckSkipped("permuted images get other noise; images_alone is checked instead")
    inputs = exercise.inputs(component, subject.scene, dtype=torch.float64)
    order = torch.tensor([2, 0, 3, 1])
    shuffled = {k: v.index_select(_axis(exercise.takes[k]), order) for k, v in inputs.items()}
    wanted = {
        name: value.index_select(_axis(exercise.gives[name]), order)
        for name, value in exercise.run(component, subject.scene, inputs).items()
    }
    got = exercise.run(component, subject.scene, shuffled)
    expect_equal(got, wanted, "outputs that change places as the images do", tolerance=1e-8)


def other_images(subject: Subject) -> None:
    """The outputs of an image do not depend on the other images of its batch."""
    exercise, component = subject.exercise, subject.build().double().eval()
    if exercise.has_chance:
        raise CheckSkipped("its outputs are noisy; images_alone is checked instead")
    one, two = (
        exercise.inputs(component, subject.scene, dtype=torch.float64, seed=seed) for seed in (0, 1)
    )
    first, rest = torch.tensor([0]), torch.arange(1, BATCH)
    mixed = {
        name: torch.cat([value.index_select(axis, first), two[name].index_select(axis, rest)], axis)
        for name, value in one.items()
        for axis in [_axis(exercise.takes[name])]
    }
    got, wanted = (
        {
            name: value.index_select(_axis(exercise.gives[name]), first)
            for name, value in exercise.run(component, subject.scene, inputs).items()
        }
        for inputs in (mixed, one)
    )
    expect_equal(got, wanted, "the outputs of an image to be those among others", tolerance=1e-8)


def gradients(subject: Subject) -> None:
    """Gradients reach inputs or weights, and are finite."""
    exercise, component = subject.exercise, subject.build()
    inputs = exercise.inputs(component, subject.scene)
    found = _backward(exercise, component, subject.scene, inputs, "for ordinary inputs")
    reached = any(value is not None and value.any() for value in found.values())
    if not reached and inputs.keys() <= {"image"} and not list(component.parameters()):
        raise CheckSkipped("it has neither weights nor inputs other than an image, which is data")
    expect(reached, "a gradient for some input or weight", "none but 0")


def extremes(subject: Subject) -> None:
    """Outputs and gradients are finite for extreme inputs."""
    exercise, component = subject.exercise, subject.build()
    inputs = exercise.inputs(component, subject.scene, draw=extreme)
    if not inputs:
        raise CheckSkipped("it has no inputs")
    _backward(exercise, component, subject.scene, inputs, "at extreme inputs")


def state_dict(subject: Subject) -> None:
    """The state dict holds everything that the component learns and remembers."""
    used, fresh = subject.build(seed=0), subject.build(seed=1)
    _outputs(subject, used)
    fresh.load_state_dict(used.state_dict())
    expect_equal(
        _outputs(subject, fresh),
        _outputs(subject, used),
        "the same outputs after its state dict was loaded into a new component",
        tolerance=1e-6,
    )


def autocast(subject: Subject) -> None:
    """It runs forwards and backwards under bfloat16 autocast, with and without bfloat16 inputs."""
    exercise = subject.exercise
    for convert in (dict, in_bfloat16):
        component = subject.build()
        inputs = convert(exercise.inputs(component, subject.scene))
        with torch.autocast("cpu", torch.bfloat16):
            outputs = exercise.run(component, subject.scene, inputs)
            expect_finite(outputs, "under bfloat16 autocast")
        found = _gradients(component, inputs, outputs)
        expect_finite(found, "under bfloat16 autocast")


def _outputs(subject: Subject, component: object) -> dict[str, Tensor]:
    exercise = subject.exercise
    return exercise.run(component, subject.scene, exercise.inputs(component, subject.scene))


def _expect_shapes(subject: Subject, scene: SceneSpec, batch: int = BATCH) -> None:
    exercise = subject.exercise
    try:
        component = subject.build(scene)
    except ValueError as error:
        if scene == subject.scene:
            raise
        raise CheckSkipped(f"the constructor refuses: {error}") from error
    outputs = exercise.run(component, scene, exercise.inputs(component, scene, batch=batch))
    wanted = exercise.shapes(component, scene, batch, outputs)
    for name, value in outputs.items():
        expect(
            tuple(value.shape) == wanted[name],
            f"{name} ({exercise.gives[name]}) = {wanted[name]}",
            tuple(value.shape),
        )
    expect_finite(outputs, f"for images {scene.image_shape}, {scene.slots} slots, batch {batch}")


def _backward(
    exercise: Exercise,
    component: torch.nn.Module,
    scene: SceneSpec,
    inputs: dict[str, Tensor],
    occasion: str,
) -> dict[str, Tensor | None]:
    outputs = exercise.run(component, scene, inputs)
    expect_finite(outputs, occasion)
    found = _gradients(component, inputs, outputs)
    expect_finite(found, occasion)
    return found


def _gradients(
    component: torch.nn.Module, inputs: dict[str, Tensor], outputs: dict[str, Tensor]
) -> dict[str, Tensor | None]:
    """Gradients of a weighted sum of all outputs that have any, by input and by weight."""
    sources = {
        **inputs,
        **{f"its weight {name}": value for name, value in component.named_parameters()},
    }
    found = gradients_of(outputs, list(sources.values()))
    return {f"the gradient of {name}": g for name, g in zip(sources, found, strict=True)}


def _axis(dimensions: str) -> int:
    return dimensions.split().index("B")


CHECKS = tuple(
    Check(function)
    for function in (
        shapes,
        one_slot,
        non_square_image,
        three_channels,
        double_precision,
        device,
        determinism,
        gradients,
        extremes,
        state_dict,
        autocast,
    )
)
BATCH_CHECKS = (Check(batch_of_one), Check(batch_permutation), Check(other_images))
