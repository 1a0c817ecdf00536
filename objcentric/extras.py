"""Packages that only some things need (`needing`, `is_installed`): objcentric works without them.

They are dependencies, so that a plain installation can do everything. Where space is short,
torchvision, matplotlib, scikit-learn and wandb may be left out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from objcentric.errors import ObjcentricError


@contextmanager
def needing(package: str, module: str, what: str, extra: str = "") -> Iterator[None]:
    """Says what a package is needed for if an import in the block does not find it.

        with needing("scikit-learn", "sklearn", "the bundled digits"):
            from sklearn.datasets import load_digits

    Args:
        package: its name for pip.
        module: its name for `import`.
        what: what needs it, as the subject of a sentence.
        extra: the extra of objcentric that brings it; empty if it is a dependency.

    Raises:
        ObjcentricError: the package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != module:
            raise
        wanted = f"'objcentric[{extra}]'" if extra else package
        raise ObjcentricError(
            f"{what} cannot be had without {package}, which is not installed: pip install {wanted}"
        ) from error


def is_installed(module: str) -> bool:
    """Whether a module can be imported; this does not import it."""
    try:
        return find_spec(module) is not None
    except ImportError:
        return False
