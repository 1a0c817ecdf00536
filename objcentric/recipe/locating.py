"""The file of a recipe, from its name or path (`locate`)."""

from pathlib import Path

from objcentric.errors import ObjcentricError
from objcentric.names import did_you_mean
from objcentric.registry import Registry


def locate(source: str | Path, registry: Registry, folder: Path = Path()) -> Path:
    """The file of a recipe.

    Args:
        source: a shipped recipe's name, or a path: a text with a folder or `.yaml` in it.
        registry: where shipped recipes are looked up.
        folder: the folder from which a relative path starts.

    Raises:
        ObjcentricError: no shipped recipe has that name.
    """
    if Path(source).suffix in (".yaml", ".yml") or len(Path(source).parts) > 1:
        return folder / source
    recipes = registry.recipes()
    if str(source) not in recipes:
        listed = ", ".join(sorted(recipes)) or "none"
        raise ObjcentricError(
            f"there is no recipe {str(source)!r}{did_you_mean(str(source), recipes)}; "
            f"there are: {listed}; or give the path of a .yaml file"
        )
    return recipes[str(source)]
