"""Glimpsers, which place attention windows, as alternatives to AIR's."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_glimpsers.anisotropic:Anisotropic",
        "objcentric_glimpsers.affine:Affine",
        "objcentric_glimpsers.bounded:Bounded",
        "objcentric_glimpsers.gaussian_filterbank:GaussianFilterbank",
        "objcentric_glimpsers.whole_image:WholeImage",
    ]
