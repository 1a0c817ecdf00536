"""Symbolic links in run folders, through which a stranger's folder could reach out of itself."""

from pathlib import Path

from objcentric.runs.errors import RunFolderError


def refuse_links(path: Path) -> None:
    """Refuses a run folder with symbolic links in it, before anything is written or removed there.

    The folder itself may be reached by a link.

    Raises:
        RunFolderError: there is a symbolic link.
    """
    for inside in (*path.iterdir(), *path.glob("checkpoints/*"), *path.glob("pictures/*")):
        if inside.is_symlink():
            raise RunFolderError(
                f"{inside} is a symbolic link, so that the run would be written elsewhere; "
                "replace it by what it points to"
            )
