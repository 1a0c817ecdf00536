"""What killed processes have left of files that they were writing (`remove_unfinished`)."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def remove_unfinished(files: Iterable[Path], folders: Iterable[Path] = ()) -> None:
    """Removes the temporary files of `objcentric.files.whole_file` that were never finished.

    Only for a process that has locked what they are in, since another one's may be unfinished, too.

    Args:
        files: files that may have been written, whether or not they exist.
        folders: folders in which only files of objcentric are.
    """
    wanted: dict[Path, list[str]] = {folder: [".+"] for folder in folders}
    for file in files:
        wanted.setdefault(file.parent, []).append(re.escape(file.name))
    for folder, names in wanted.items():
        unfinished = re.compile(rf"\.({'|'.join(names)})\.\d+\.tmp")
        with suppress(OSError):  # no such folder; or a read-only one, of which others will tell
            for path in folder.iterdir():
                if unfinished.fullmatch(path.name):
                    path.unlink()
