"""Objects on a table in perspective (Eslami et al. 2016, section 3.3): scenes and a renderer."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_tabletop.tabletop3d:Tabletop3d",
        "objcentric_tabletop.tabletop:Tabletop",
        "objcentric_tabletop.table_window:TableWindow",
        "objcentric_tabletop.object_metrics:ClassAccuracy",
        "objcentric_tabletop.object_metrics:PositionError",
    ]
