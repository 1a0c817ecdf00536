"""Scene data sets for objcentric."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    """The components, named but not imported, so that listing them stays fast."""
    return [
        "objcentric_scenes.multi_mnist:MultiMnist",
        "objcentric_scenes.tetrominoes:Tetrominoes",
        "objcentric_scenes.scattered:Scattered",
        "objcentric_scenes.scattered:Crowded",
        "objcentric_scenes.mnist:Mnist",
        "objcentric_scenes.bundled:Bundled",
    ]
