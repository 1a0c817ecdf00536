"""Compositors, backgrounds and likelihoods, as alternatives to AIR's."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_composition.clamped_sum:ClampedSum",
        "objcentric_composition.over:Over",
        "objcentric_composition.depth_over:DepthOver",
        "objcentric_composition.softmax:Softmax",
        "objcentric_composition.backed:Backed",
        "objcentric_composition.given_background:GivenBackground",
        "objcentric_composition.learnt_background:LearntBackground",
        "objcentric_composition.median_background:MedianBackground",
        "objcentric_composition.plain_background:PlainBackground",
        "objcentric_composition.learnt_gaussian:LearntGaussian",
        "objcentric_composition.laplace:Laplace",
        "objcentric_composition.bernoulli:Bernoulli",
        "objcentric_composition.continuous_bernoulli:ContinuousBernoulli",
        "objcentric_composition.mixture:Mixture",
    ]
