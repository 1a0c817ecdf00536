"""What is asked of object encoders: a posterior that can be learnt through."""

import torch

from objcentric.interfaces import ObjectEncoder
from objcentric.testing.check import Check
from objcentric.testing.exercises import EXERCISES
from objcentric.testing.expecting import expect
from objcentric.testing.subject import Subject


def reparametrised(subject: Subject) -> None:
    """Samples are differentiable in the glimpse, whatever the noise."""
    encoder, scene = subject.build(), subject.scene
    glimpses = EXERCISES[ObjectEncoder].inputs(encoder, scene)["glimpses"]
    posterior = encoder(glimpses)
    expect(posterior.has_rsample, "a posterior with rsample", type(posterior).__name__)
    sample = posterior.rsample()
    wanted = (*glimpses.shape[:2], scene.what_dim)
    expect(sample.shape == wanted, f"samples (B, K, what_dim) = {wanted}", tuple(sample.shape))
    expect(sample.requires_grad, "samples with a gradient", "samples without")
    (slope,) = torch.autograd.grad(sample.sum(), glimpses, materialize_grads=True)
    expect(slope.any(), "a gradient from samples to the glimpse", "none but 0")


def spread(subject: Subject) -> None:
    """The posterior is a distribution: every standard deviation is above 0."""
    encoder = subject.build()
    glimpses = EXERCISES[ObjectEncoder].inputs(encoder, subject.scene)["glimpses"]
    smallest = encoder(glimpses).stddev.min()
    expect(smallest > 0, "standard deviations above 0", f"{smallest:.3g}")


CHECKS = (Check(ObjectEncoder, reparametrised), Check(ObjectEncoder, spread))
