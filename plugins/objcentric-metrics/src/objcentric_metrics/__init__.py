"""Metrics: what a scene model is judged by."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_metrics.counting:CountAccuracy",
        "objcentric_metrics.counting:Confusion",
        "objcentric_metrics.counting:SlotUsage",
        "objcentric_metrics.windows:BoxIou",
        "objcentric_metrics.windows:InkEnclosed",
        "objcentric_metrics.reconstruction:Mse",
        "objcentric_metrics.bounds:Elbo",
        "objcentric_metrics.bounds:Iwae",
        "objcentric_metrics.bounds:Nll",
        "objcentric_metrics.ari:Ari",
        "objcentric_metrics.ari:FgAri",
        "objcentric_metrics.overlap:Mbo",
        "objcentric_metrics.overlap:Miou",
        "objcentric_metrics.average_precision:BoxAp",
        "objcentric_metrics.average_precision:MaskAp",
        "objcentric_metrics.slot_class:SlotClass",
    ]
