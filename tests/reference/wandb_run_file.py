"""Reading back what wandb has written into a run file (`records`)."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BLOCK, HEADER, FIRST = 32768, 7, 7
"""Sizes of LevelDB's log format: a block, the header of a piece, the header of the file."""


def records(file: Path) -> Iterator[Any]:
    """The records of a `.wandb` file, which is a log in LevelDB's format with a header."""
    from wandb.proto.wandb_internal_pb2 import Record

    content = file.read_bytes()
    assert content[:4] == b":W&B"
    place, parts = FIRST, []
    while place + HEADER <= len(content):
        left = BLOCK - place % BLOCK
        if left < HEADER:  # the rest of a block is padding
            place += left
            continue
        _, length, kind = struct.unpack_from("<IHB", content, place)
        parts.append(content[place + HEADER : place + HEADER + length])
        place += HEADER + length
        if kind in (1, 4):  # whole, or the last piece
            record = Record()
            record.ParseFromString(b"".join(parts))
            parts = []
            yield record


def read(file: Path) -> dict[str, Any]:
    """What a run file holds: `run`, `history` by step, `artifacts` as name and aliases, `exit`."""
    history: dict[int, dict[str, Any]] = {}
    found: dict[str, Any] = {"history": history, "artifacts": [], "config": {}}
    for record in records(file):
        kind = record.WhichOneof("record_type")
        if kind == "run":
            found["run"] = record.run
            found["config"] |= {u.key: json.loads(u.value_json) for u in record.run.config.update}
        elif kind == "history":
            items = {
                ".".join(item.nested_key) or item.key: json.loads(item.value_json)
                for item in record.history.item
            }
            history[record.history.step.num] = items
        elif kind == "artifact":
            found["artifacts"].append((record.artifact.name, list(record.artifact.aliases)))
        elif kind == "request" and record.request.WhichOneof("request_type") == "log_artifact":
            artifact = record.request.log_artifact.artifact
            found["artifacts"].append((artifact.name, list(artifact.aliases)))
        elif kind == "exit":
            found["exit"] = record.exit.exit_code
    return found
