"""Numbers of objects in images, from a CSV file (`read_counts`)."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Set
from pathlib import Path, PurePosixPath

from objcentric.errors import DataUnavailable, ObjcentricError

COLUMNS = ("file", "count")
MOST = 1_000_000


def read_counts(path: Path, names: Set[str]) -> dict[str, int]:
    """The number of objects in each image that the file names.

    The file has a first line with the columns `file` and `count`, separated by commas, semicolons
    or tabs; other columns are ignored. An image is named by its path below the folder, or by its
    file name alone if no other image has the same.

    Args:
        path: the CSV file, in UTF-8.
        names: paths of the images below the folder.

    Raises:
        DataUnavailable: there is no such file.
        ObjcentricError: a column is missing, a count is not a whole number from 0, or an image has
            two different counts.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise DataUnavailable(f"the counts cannot be read from {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ObjcentricError(f"{path} is not in UTF-8: {error}") from error
    first = lines[0] if lines else ""
    rows = csv.DictReader(lines, delimiter=next((d for d in ";\t" if d in first), ","))
    columns = [column.strip() for column in rows.fieldnames or ()]
    if missing := [column for column in COLUMNS if column not in columns]:
        raise ObjcentricError(
            f"{path} has no column {' and no column '.join(missing)}: its first line should name "
            f"the columns file,count, got {first!r}"
        )
    rows.fieldnames = columns
    short = Counter(PurePosixPath(name).name for name in names)
    full = {PurePosixPath(name).name: name for name in names}
    found: dict[str, int] = {}
    for row in rows:
        given = unicodedata.normalize("NFC", (row["file"] or "").strip().replace("\\", "/"))
        name = given if given in names or short[given] != 1 else full[given]
        place = f"{path}, line {rows.line_num}"
        count = _count((row["count"] or "").strip(), place)
        if found.setdefault(name, count) != count:
            raise ObjcentricError(f"{place}: {given} has two counts, {found[name]} and {count}")
    return found


def _count(text: str, place: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > MOST:
        raise ObjcentricError(f"{place}: expected a count, a whole number from 0, got {text!r}")
    return int(text)
