"""Alternatives to AIR's own: priors over the number of objects."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return ["objcentric_priors.annealed_geometric:AnnealedGeometric"]
