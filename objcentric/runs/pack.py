"""Packs: the smallest folders from which a trained model can be loaded (`write_pack`)."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from objcentric.errors import DamagedFile
from objcentric.files import read_tensors, whole_folder, write_json, write_text
from objcentric.recipe.reading import read_file
from objcentric.runs.checkpoint import checked_weights_file
from objcentric.runs.errors import RunFolderError
from objcentric.runs.model_card import model_card
from objcentric.runs.run import PACK_FILE, Run
from objcentric.runs.seal import check_files, read_sealed, sealed

WEIGHTS = "model.safetensors"
"""The file with the weights of a pack."""

_CARD = "README.md"


def write_pack(run: Run, path: Path) -> Path:
    """Writes a pack of the run's latest checkpoint: recipe, weights, summary and model card.

    The card is for people, who may edit it. Everything else is sealed by checksums.

    Args:
        run: the run.
        path: the folder, which must not exist.

    Returns:
        `path`.

    Raises:
        RunFolderError: the run has no checkpoint, or is a pack itself; or the folder exists.
        DamagedFile: its checkpoint is damaged.
        UnwritableFile: the folder cannot be written.
    """
    if run.is_pack:
        raise RunFolderError(f"{run.path} is a pack already: copy it as it is")
    weights = checked_weights_file(run.checkpoint())
    if path.exists() or path.is_symlink():
        raise RunFolderError(f"{path} exists; choose another folder")
    summary = _without_folders({**run.summary(), "image_shape": list(run.image_shape())})
    card = model_card(run.recipe, summary)
    with whole_folder(path) as folder:
        shutil.copyfile(weights, folder / WEIGHTS)
        write_text(folder / run.recipe_file.name, run.recipe.to_yaml())
        write_json(folder / run.summary_file.name, summary)
        write_json(folder / PACK_FILE, sealed({}, folder))
        write_text(folder / _CARD, card)
    return path


def check_pack(run_path: Path) -> None:
    """Compares a pack with its checksums, before anything else of it is read.

    Raises:
        DamagedFile: a file is missing or damaged, or the recipe reaches outside of the pack.
    """
    content = read_sealed(run_path / PACK_FILE)
    check_files(content, run_path, "recipe.yaml", WEIGHTS, "summary.json", of="pack")
    if "extends" in (read_file(run_path / "recipe.yaml", []).entries or {}):
        raise DamagedFile(f"{run_path / 'recipe.yaml'} extends another recipe; a pack may not")


def pack_weights(run: Run) -> Mapping[str, Tensor]:
    """The weights in a pack.

    Raises:
        DamagedFile: the file is damaged.
    """
    return read_tensors(run.path / WEIGHTS)


def _without_folders(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The summary with the names of plugin files, and not the folders where they lay."""
    copy: dict[str, Any] = json.loads(json.dumps(summary))
    plugins = copy.get("versions", {}).get("plugins", {})
    for name, origin in plugins.items():
        if origin.endswith(".py"):
            plugins[name] = Path(origin).name
    return copy
