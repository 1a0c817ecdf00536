"""What a run has learned and reported, to the bit (`what_was_learned`)."""

from pathlib import Path
from typing import Any

from objcentric.files import read_json_lines
from objcentric.runs.checkpoint import latest_checkpoint


def what_was_learned(run: Path) -> dict[str, Any]:
    """Weights, state and figures of a run folder; only how long it took is left out."""
    checkpoint = latest_checkpoint(run / "checkpoints")
    assert checkpoint is not None
    lines = [
        {key: value for key, value in line.items() if "second" not in key}
        for line in read_json_lines(run / "metrics.jsonl")
    ]
    return {
        "moment": checkpoint.name,
        "metrics": lines,
        **{file.name: file.read_bytes() for file in sorted(checkpoint.glob("*.safetensors"))},
    }
