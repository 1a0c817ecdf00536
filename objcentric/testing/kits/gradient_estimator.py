"""The conformance kit of gradient estimators: their bias, and where gradients arrive."""

from collections.abc import Mapping
from dataclasses import replace

import torch
from einops import rearrange, reduce
from torch import Tensor

from objcentric.interfaces import CostFunction, Estimate, GradientEstimator
from objcentric.presence import CertainPresence, Presence
from objcentric.scene import SceneSpec
from objcentric.testing.capabilities import presence_kinds
from objcentric.testing.check import PAGE
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.exercise import SLOT, Exercise
from objcentric.testing.expecting import expect, expect_equal, largest
from objcentric.testing.gradient_statistics import gradient_statistics
from objcentric.testing.inputs import SEEN, context_for
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.small_scene import SCENE, SmallScene
from objcentric.testing.subject import Subject
from objcentric.testing.z_scores import Z_LIMIT

IMAGES = 4


def _use(
    estimator: GradientEstimator, scene: SceneSpec, given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Estimates with the cost of a canvas that is the sum of the present layers."""
    image, layers = given["image"].detach(), given["color"]
    kind = presence_kinds(estimator)[0]

    def cost(codes: Tensor) -> Tensor:
        present = rearrange(codes, "s b k -> s b k 1 1 1") * layers
        error = (image - reduce(present, "s b k c h w -> s b c h w", "sum")).square()
        return reduce(error, "s b c h w -> s b", "mean") + 0.3 * codes.sum(-1)

    logits = given["logits"]
    context = context_for(given, torch.zeros_like(logits[0]), kind)
    estimate = estimator(kind(logits, validate_args=False), CostFunction(cost), context)
    fields = ("loss", "codes", "costs", "weights")
    return {name: getattr(estimate, name) for name in fields}


EXERCISE = Exercise(
    takes={**SEEN, "logits": "B K", "color": SLOT},
    gives={"loss": "", "codes": "N B K", "costs": "N B", "weights": "N B"},
    use=_use,
    has_chance=True,
)


def unbiased(subject: Subject) -> str:
    """The mean of many gradients is the gradient of the expected cost over all codes."""
    found: list[str] = []
    for kind in presence_kinds(subject.build()):
        estimator = _of_small_scene(subject)
        try:
            statistics = gradient_statistics(estimator, kind=kind)
        except CheckSkipped:
            if not found:
                raise
            continue  # independent slots have more codes
        if not estimator.biased:
            expect(
                statistics.largest_score < Z_LIMIT,
                f"gradients that are right on average, within {Z_LIMIT} standard errors, of "
                f"{kind.__name__} (an estimator that cannot be says biased = True)",
                statistics,
            )
        found.append(f"{kind.__name__}: {statistics}")
    return "; ".join(found)


def gradient_everywhere(subject: Subject) -> None:
    """Gradients reach the posterior's log-odds and, through the cost, the layers."""
    for kind in presence_kinds(subject.build()):
        found, _ = SmallScene.make(kind, IMAGES).gradients(_of_small_scene(subject))
        for name in ("layers",) if kind is CertainPresence else ("logits", "layers"):
            expect(getattr(found, name).any(), f"a gradient for the {name}", "none but 0")


def images_alone(subject: Subject) -> None:
    """The gradient for an image does not depend on the costs of other images."""
    for kind in presence_kinds(subject.build()):
        scene = SmallScene.make(kind, IMAGES)
        others = scene.image.clone()
        others[1:] += 1
        results = []
        for image in (scene.image, others):
            torch.manual_seed(0)
            estimator = _of_small_scene(subject)
            found, _ = replace(scene, image=image).gradients(estimator)
            results.append({"logits": found.logits[:1], "layers": found.layers[:1]})
        expect_equal(
            results[1], results[0], "the first image's gradient to be its own", tolerance=1e-9
        )


def costs_and_weights(subject: Subject) -> None:
    """The costs are those of the codes, and the weights are a distribution over the codes."""
    for kind in presence_kinds(subject.build()):
        scene, estimate = _estimate(subject, kind)
        costs = scene.cost(scene.layers)(estimate.codes)
        expect_equal({"costs": estimate.costs}, {"costs": costs}, "costs of the stated codes")
        total = largest(estimate.weights.sum(0) - 1)
        expect(total < 1e-6, "weights that add up to 1 over the codes", f"{total:.2g} off")
        expect((estimate.weights >= 0).all(), "weights from 0", float(estimate.weights.min()))
        low, high = float(estimate.codes.min()), float(estimate.codes.max())
        expect(low >= 0 and high <= 1, "codes in [0, 1]", f"{low:.3g} to {high:.3g}")
        attached = [
            name
            for name, value in {**_fields(estimate), **estimate.diagnostics}.items()
            if value.requires_grad
        ]
        expect(not attached, "all but the loss to be detached", attached)


def without_gradients(subject: Subject) -> None:
    """Estimates work under `torch.no_grad()`, as in evaluation."""
    with torch.no_grad():
        for kind in presence_kinds(subject.build()):
            _, estimate = _estimate(subject, kind)
            expect(estimate.loss.isfinite(), "a finite loss", estimate.loss.item())


def _of_small_scene(subject: Subject) -> GradientEstimator:
    if subject.instance is not None:
        raise CheckSkipped("an object was given; it would have to be for the kit's smallest scene")
    estimator: GradientEstimator = subject.build(SCENE).double()
    return estimator


def _estimate(subject: Subject, kind: type[Presence]) -> tuple[SmallScene, Estimate]:
    scene = SmallScene.make(kind, IMAGES)
    torch.manual_seed(0)
    context = scene.context(kind(scene.prior))
    logits = scene.logits.clone().requires_grad_(torch.is_grad_enabled())
    layers = scene.layers.clone().requires_grad_(torch.is_grad_enabled())
    return scene, _of_small_scene(subject)(kind(logits), scene.cost(layers), context)


def _fields(estimate: Estimate) -> dict[str, Tensor]:
    return {"codes": estimate.codes, "costs": estimate.costs, "weights": estimate.weights}


KIT = InterfaceKit(
    interface=GradientEstimator,
    exercise=EXERCISE,
    checks=(unbiased, gradient_everywhere, images_alone, costs_and_weights, without_gradients),
    page=PAGE,
)
