"""The conformance kit of likelihoods: normalised densities that prefer similar canvases."""

from collections.abc import Mapping

import torch
from einops import rearrange
from torch import Tensor

from objcentric.interfaces import Likelihood
from objcentric.scene import RequestedScene, SceneSpec, WhereSpec
from objcentric.testing.check import PAGE
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.exercise import CANVAS, IMAGE, Exercise
from objcentric.testing.expecting import expect, expect_equal
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.subject import Subject

CANVASES = (0.1, 0.4, 0.5, 0.8)
LINE, POINTS = 40.0, 400_001
"""An interval that stands for the real line in integrals over intensities."""
TOLERANCE = 2e-3
NEAR = 0.15
ONE_PIXEL = RequestedScene((1, 1, 1), objects=1, what_dim=1, glimpse=1).settled(
    WhereSpec((), (), ())
)


def _use(
    likelihood: Likelihood, scene: SceneSpec, given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    return {"log_prob": likelihood.log_prob(given["image"], given["canvas"])}


EXERCISE = Exercise(takes={"image": IMAGE, "canvas": CANVAS}, gives={"log_prob": "S B"}, use=_use)


def normalised(subject: Subject) -> str:
    """`log_prob` and `log_constant` are a density of a pixel over all numbers or over [0, 1], or
    the probabilities of a discrete pixel over 0 and 1."""
    likelihood = _of_one_pixel(subject)
    whole = torch.linspace(-LINE, LINE, POINTS, dtype=torch.float64)
    unit = torch.linspace(0, 1, 10_001, dtype=torch.float64)
    ends = torch.tensor([0.0, 1.0], dtype=torch.float64)
    totals = {
        "all numbers": torch.stack([_integral(likelihood, whole, c) for c in CANVASES]),
        "[0, 1]": torch.stack([_integral(likelihood, unit, c) for c in CANVASES]),
        "{0, 1}": torch.stack([_density(likelihood, ends, c).sum() for c in CANVASES]),
    }
    for support, total in totals.items():
        if ((total - 1).abs() < TOLERANCE).all():
            return f"a density over {support}"
    got = "; ".join(f"over {k}: {[round(x, 3) for x in v.tolist()]}" for k, v in totals.items())
    expect(False, f"a density of a pixel that adds up to 1 for canvases {CANVASES}", got)
    return ""


def prefers_what_is_there(subject: Subject) -> None:
    """Black, gray and white images prefer similar canvases, and brighter images no darker ones."""
    likelihood = _of_one_pixel(subject)
    canvases = torch.linspace(0, 1, 201, dtype=torch.float64)
    images = torch.linspace(0, 1, 21, dtype=torch.float64)
    best = torch.stack([canvases[_log_prob(likelihood, x, canvases).argmax()] for x in images])
    for x, canvas in ((0, best[0]), (0.5, best[10]), (1, best[-1])):
        expect(
            (canvas - x).abs() < NEAR, f"an image of {x} to prefer a canvas near it", canvas.item()
        )
    falls = best.diff().min()
    expect(falls >= 0, "brighter images to prefer canvases no darker", f"one {-falls:.2g} darker")


def images_apart(subject: Subject) -> None:
    """The log-likelihood of an image depends on no other image and no other assignment."""
    likelihood = subject.build().double()
    inputs = EXERCISE.inputs(likelihood, subject.scene, dtype=torch.float64)
    image, canvas = inputs["image"], inputs["canvas"]
    together = likelihood.log_prob(image, canvas)
    for s in range(canvas.shape[0]):
        for b in range(canvas.shape[1]):
            alone = likelihood.log_prob(image[b : b + 1], canvas[s : s + 1, b : b + 1])
            expect_equal(
                {"log_prob": together[s : s + 1, b : b + 1]},
                {"log_prob": alone},
                "an image's score to be the same among others as alone",
            )


def _of_one_pixel(subject: Subject) -> Likelihood:
    if subject.instance is not None:  # most do not depend on sizes
        given: Likelihood = subject.build().double()
        return given
    try:
        built: Likelihood = subject.build(ONE_PIXEL).double()
    except ValueError as error:
        raise CheckSkipped(f"the constructor refuses images of one pixel: {error}") from error
    return built


def _log_prob(likelihood: Likelihood, image: Tensor, canvas: Tensor) -> Tensor:
    """Log-densities of N images or canvases of one pixel, including the constant."""
    n = max(image.numel(), canvas.numel())
    images = rearrange(image.expand(n), "n -> n 1 1 1")
    canvases = rearrange(canvas.expand(n), "n -> 1 n 1 1 1")
    with torch.no_grad():
        scores = likelihood.log_prob(images, canvases) + likelihood.log_constant(images)
    return rearrange(scores, "1 n -> n")


def _density(likelihood: Likelihood, pixels: Tensor, canvas: float) -> Tensor:
    return _log_prob(likelihood, pixels, pixels.new_tensor(canvas)).exp()


def _integral(likelihood: Likelihood, pixels: Tensor, canvas: float) -> Tensor:
    return torch.trapezoid(_density(likelihood, pixels, canvas), pixels)


KIT = InterfaceKit(
    interface=Likelihood,
    exercise=EXERCISE,
    checks=(normalised, prefers_what_is_there, images_apart),
    page=PAGE,
)
