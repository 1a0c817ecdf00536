"""Priors over the number of objects, as alternatives to AIR's."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_priors.annealed_geometric:AnnealedGeometric",
        "objcentric_priors.annealed_truncated:AnnealedTruncated",
        "objcentric_priors.truncated_geometric:TruncatedGeometric",
        "objcentric_priors.poisson:Poisson",
        "objcentric_priors.uniform_count:UniformCount",
        "objcentric_priors.learnt_count:LearntCount",
        "objcentric_priors.independent_bernoulli:IndependentBernoulli",
        "objcentric_priors.certain:Certain",
    ]
