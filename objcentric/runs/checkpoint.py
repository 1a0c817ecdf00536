"""Checkpoints: all that a run needs to resume exactly, without executable content."""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.errors import DamagedFile
from objcentric.files import (
    make_folder,
    read_content,
    read_tensors,
    whole_folder,
    write_json,
    write_tensors,
    write_text,
)
from objcentric.runs.seal import check_files, read_sealed, sealed
from objcentric.runs.stored import ANYTHING, COUNT, NUMBER, TEXT, checked, list_of, mapping_of
from objcentric.runs.training_state import TrainingState
from objcentric.runs.versions import written_by

_NAME = re.compile(r"epoch-(\d+)-step-(\d+)")
_UNFINISHED = re.compile(rf"\.{_NAME.pattern}\.\d+\.tmp")
_MODEL, _TRAINING, _RECIPE = "model.safetensors", "training.safetensors", "trained_recipe.yaml"
_STATE = "state.json"

LARGEST_RECIPE = 2**24
"""Bytes of the largest recipe in a checkpoint; a resolved one is longer than what a user writes."""

STATE_KEYS = {
    each.name: NUMBER if "seconds" in each.name else COUNT for each in fields(TrainingState)
}
_OTHER_KEYS = {"figures": list_of(TEXT), "versions": mapping_of(ANYTHING)}


@dataclass(frozen=True)
class Checkpoint:
    """A moment of a training run.

    Attributes:
        model: the model's state.
        optimizer: the optimiser's state, as `optimizer_state` returns it.
        noise: states of the random generators.
        figures: names of the running sums of the current epoch; empty between epochs.
        sums: the running sums.
        state: how far the run is, in scalars.
        recipe: the resolved recipe, as YAML.
        versions: versions of the software that wrote the checkpoint.
    """

    model: Mapping[str, Tensor]
    optimizer: Mapping[str, Tensor]
    noise: Mapping[str, Tensor]
    figures: tuple[str, ...]
    sums: Float[Tensor, " figures"]
    state: TrainingState
    recipe: str
    versions: Mapping[str, object]

    def save(self, folder: Path) -> Path:
        """Writes the checkpoint into `folder` in one step, then removes all older ones but one."""
        path = folder / f"epoch-{self.state.epoch:05d}-step-{self.state.step:06d}"
        if not path.exists():
            make_folder(folder)
            with whole_folder(path) as temporary:
                write_tensors(temporary / _MODEL, _detached(self.model))
                write_tensors(temporary / _TRAINING, _detached(self._training()))
                write_text(temporary / _RECIPE, self.recipe)
                write_json(temporary / _STATE, sealed(self._scalars(), temporary))
        _remove_older(path)
        return path

    @classmethod
    def load(cls, path: Path) -> "Checkpoint":
        """Reads a checkpoint into CPU memory.

        Raises:
            DamagedFile: one of its files is missing, damaged, or from another checkpoint.
        """
        with _offering_another(path):
            scalars = read_sealed(path / _STATE)
            check_files(scalars, path, _MODEL, _TRAINING, _RECIPE)
            _check_version(scalars, path / _STATE)
            training = read_tensors(path / _TRAINING)
            recipe = read_content(path / _RECIPE, LARGEST_RECIPE).decode("utf-8", "replace")

            def part(name: str) -> dict[str, Tensor]:
                return {
                    key.removeprefix(f"{name}/"): value
                    for key, value in training.items()
                    if key.startswith(f"{name}/")
                }

            return cls(
                model=read_tensors(path / _MODEL),
                optimizer=part("optimizer") or part("adam"),  # its name when there was only Adam
                noise=part("noise"),
                figures=tuple(scalars["figures"]),
                sums=training.get("sums", torch.empty(0)),
                state=TrainingState(**{key: scalars[key] for key in STATE_KEYS}),
                recipe=recipe,
                versions=scalars["versions"],
            )

    def _training(self) -> dict[str, Tensor]:
        optimizer = {f"optimizer/{key}": value for key, value in self.optimizer.items()}
        noise = {f"noise/{key}": value for key, value in self.noise.items()}
        return {**optimizer, **noise, "sums": self.sums}

    def _scalars(self) -> dict[str, object]:
        return {
            **asdict(self.state),
            "figures": self.figures,
            "versions": self.versions,
        }


def trained_recipe(path: Path) -> Path:
    """The recipe file inside a checkpoint.

    Args:
        path: the checkpoint.

    Raises:
        DamagedFile: the file is missing, damaged, or from another checkpoint.
    """
    return _checked_file(path, _RECIPE)


def checked_weights_file(path: Path) -> Path:
    """The file with the model's weights inside a checkpoint.

    Args:
        path: the checkpoint.

    Raises:
        DamagedFile: the file is missing, damaged, or from another checkpoint.
    """
    return _checked_file(path, _MODEL)


def _checked_file(path: Path, name: str) -> Path:
    with _offering_another(path):
        check_files(read_sealed(path / _STATE), path, name)
    return path / name


@contextmanager
def _offering_another(path: Path) -> Iterator[None]:
    """Adds to the error about a damaged checkpoint what can still be done."""
    try:
        yield
    except DamagedFile as error:
        older = latest_checkpoint(path.parent, before=path)
        resume = f"`objcentric train --resume {path.parent.parent}`"
        offer = (
            f"the older checkpoint {older.name} is still there: remove {path} to use it"
            if older is not None
            else f"there is no older checkpoint: remove {path} and {resume} trains anew"
        )
        raise DamagedFile(f"{error}; {offer}") from error


def _check_version(scalars: Mapping[str, Any], file: Path) -> None:
    """Refuses the state of a version whose checkpoints held something else."""
    missing = [key for key in (*STATE_KEYS, "figures", "versions") if key not in scalars]
    if missing:
        raise DamagedFile(
            f"{file} was written by {written_by(scalars)}: it has no {', '.join(missing)}"
        )
    checked(dict(scalars), STATE_KEYS | _OTHER_KEYS, file)


def latest_checkpoint(folder: Path, before: Path | None = None) -> Path | None:
    """The newest checkpoint in a run's checkpoint folder; None if there is none.

    Args:
        folder: the folder of checkpoints.
        before: a checkpoint; only older ones count. None for all.
    """
    found = [path for path in folder.glob("epoch-*") if _NAME.fullmatch(path.name)]
    if before is not None:
        found = [path for path in found if _moment(path) < _moment(before)]
    return max(found, key=_moment, default=None)


def epoch_of(path: Path) -> int:
    """The epochs that were done at a checkpoint."""
    return _moment(path)[0]


def _moment(path: Path) -> tuple[int, ...]:
    match = _NAME.fullmatch(path.name)
    return tuple(int(number) for number in match.groups()) if match else ()


def _detached(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies that share no memory, which safetensors requires (tied weights share memory)."""
    return {key: value.detach().cpu().clone().contiguous() for key, value in tensors.items()}


def _remove_older(path: Path) -> None:
    """Removes all checkpoints but `path` and the one before it, and what kills have left."""
    # The newest is complete before any other is removed, so a kill never leaves a broken newest.
    kept = (path, latest_checkpoint(path.parent, before=path))
    for other in path.parent.iterdir():
        mine = _NAME.fullmatch(other.name) or _UNFINISHED.fullmatch(other.name)
        if mine and other not in kept:
            shutil.rmtree(other, ignore_errors=True)
