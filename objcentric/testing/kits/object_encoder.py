"""The conformance kit of object encoders: a reparametrised posterior."""

from collections.abc import Mapping

import torch
from torch import Tensor

from objcentric.interfaces import ObjectEncoder
from objcentric.scene import SceneSpec
from objcentric.testing.check import PAGE
from objcentric.testing.exercise import Exercise
from objcentric.testing.expecting import expect
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.linear_encoder import LinearEncoder
from objcentric.testing.subject import Subject


def _use(
    encoder: ObjectEncoder, scene: SceneSpec, given: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    posterior = encoder(given["glimpses"])
    return {"mean": posterior.mean, "stddev": posterior.stddev}


EXERCISE = Exercise(
    takes={"glimpses": "B K c h w"},
    gives={"mean": "B K A", "stddev": "B K A"},
    use=_use,
)


def reparametrised(subject: Subject) -> None:
    """Samples are differentiable with respect to the glimpse."""
    encoder, scene = subject.build(), subject.scene
    glimpses = EXERCISE.inputs(encoder, scene)["glimpses"]
    posterior = encoder(glimpses)
    expect(posterior.has_rsample, "a posterior with rsample", type(posterior).__name__)
    sample = posterior.rsample()
    wanted = (*glimpses.shape[:2], scene.what_dim)
    expect(sample.shape == wanted, f"samples (B, K, what_dim) = {wanted}", tuple(sample.shape))
    expect(sample.requires_grad, "samples with a gradient", "samples without")
    (slope,) = torch.autograd.grad(sample.sum(), glimpses, materialize_grads=True)
    expect(slope.any(), "a gradient from samples to the glimpse", "none but 0")


def spread(subject: Subject) -> None:
    """All standard deviations of the posterior are above 0."""
    encoder = subject.build()
    glimpses = EXERCISE.inputs(encoder, subject.scene)["glimpses"]
    smallest = encoder(glimpses).stddev.min()
    expect(smallest > 0, "standard deviations above 0", f"{smallest:.3g}")


KIT = InterfaceKit(ObjectEncoder, EXERCISE, LinearEncoder, (reparametrised, spread), PAGE)
