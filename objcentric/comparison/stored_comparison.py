"""What `comparison.json` holds, checked when it is read (`stored_plan`, `stored_results`)."""

from pathlib import Path
from typing import Any

from objcentric.files import read_json
from objcentric.runs.errors import RunFolderError
from objcentric.runs.stored import (
    COUNT,
    INSIDE,
    TEXT,
    TRUTH,
    checked,
    fields,
    list_of,
    mapping_of,
)

_PLAN = fields({"recipe": TEXT, "arms": mapping_of(TEXT.or_null())})
_ROW = fields({"arm": TEXT, "refusal": TEXT})
_RUN = fields({"arm": TEXT, "seed": COUNT, "folder": INSIDE, "status": TEXT, "error": TEXT})
_RESULTS = {"rows": list_of(_ROW), "runs": list_of(_RUN), "same_scenes": TRUTH}


def stored_plan(file: Path) -> dict[str, Any]:
    """The plan of a comparison, as `Plan.plain` wrote it.

    Raises:
        DamagedFile: the file is damaged, or objcentric did not write it.
    """
    plan: dict[str, Any] = checked(read_json(file), {"plan": _PLAN}, file, needs=["plan"])["plan"]
    return plan


def stored_results(file: Path) -> dict[str, Any]:
    """The content of a comparison's file, with its results.

    Raises:
        DamagedFile: the file is damaged, or objcentric did not write it.
        RunFolderError: it holds no results yet.
    """
    known = {"command": TEXT, "plan": _PLAN}
    content = checked(read_json(file), known | _RESULTS, file, needs=list(known))
    if not _RESULTS.keys() <= content.keys():
        raise RunFolderError(f"{file} holds no results of a comparison yet")
    return content
