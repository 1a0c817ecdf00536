"""Schedulers, which infer the slots of an image, as alternatives to AIR's."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_schedulers.residual:Residual",
        "objcentric_schedulers.gated:Lstm",
        "objcentric_schedulers.gated:Gru",
        "objcentric_schedulers.conv_attention:ConvAttention",
        "objcentric_schedulers.pursuit:Pursuit",
        "objcentric_schedulers.color_groups:ColorGroups",
        "objcentric_schedulers.grid:Grid",
        "objcentric_schedulers.peak_grid:PeakGrid",
    ]
