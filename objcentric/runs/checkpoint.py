"""Checkpoints: all that a run needs to resume exactly, without executable content."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from jaxtyping import Float
from safetensors.torch import load_file, save_file
from torch import Tensor

from objcentric.files import whole_folder, write_json, write_text
from objcentric.runs.errors import RunFolderError
from objcentric.runs.seal import check_files, read_sealed, sealed
from objcentric.runs.training_state import TrainingState

_NAME = re.compile(r"epoch-(\d+)-step-(\d+)")
_UNFINISHED = re.compile(rf"\.{_NAME.pattern}\.\d+\.tmp")
_MODEL, _TRAINING, _RECIPE = "model.safetensors", "training.safetensors", "trained_recipe.yaml"
_STATE = "state.json"


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
        """Writes the checkpoint into `folder` in one step, then removes older ones."""
        path = folder / f"epoch-{self.state.epoch:05d}-step-{self.state.step:06d}"
        if not path.exists():
            folder.mkdir(exist_ok=True)
            with whole_folder(path) as temporary:
                save_file(_detached(self.model), temporary / _MODEL)
                save_file(_detached(self._training()), temporary / _TRAINING)
                write_text(temporary / _RECIPE, self.recipe)
                write_json(temporary / _STATE, sealed(self._scalars(), temporary))
        _remove_all_but(path)
        return path

    @classmethod
    def load(cls, path: Path) -> "Checkpoint":
        """Reads a checkpoint into CPU memory.

        Raises:
            RunFolderError: one of its files is missing, damaged, or from another checkpoint.
        """
        scalars = read_sealed(path / _STATE)
        check_files(scalars, path, _MODEL, _TRAINING, _RECIPE)
        training = load_file(path / _TRAINING)

        def part(name: str) -> dict[str, Tensor]:
            return {
                key.removeprefix(f"{name}/"): value
                for key, value in training.items()
                if key.startswith(f"{name}/")
            }

        try:
            state = {field.name: scalars[field.name] for field in fields(TrainingState)}
            figures, versions = tuple(scalars["figures"]), scalars["versions"]
        except KeyError as error:
            raise RunFolderError(
                f"{path / _STATE} was written by another version of objcentric: it has no {error}"
            ) from error
        return cls(
            model=load_file(path / _MODEL),
            optimizer=part("optimizer") or part("adam"),  # its name when there was only Adam
            noise=part("noise"),
            figures=figures,
            sums=training["sums"],
            state=TrainingState(**state),
            recipe=(path / _RECIPE).read_text(encoding="utf-8"),
            versions=versions,
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
        RunFolderError: the file is missing, damaged, or from another checkpoint.
    """
    check_files(read_sealed(path / _STATE), path, _RECIPE)
    return path / _RECIPE


def checked_weights_file(path: Path) -> Path:
    """The file with the model's weights inside a checkpoint.

    Args:
        path: the checkpoint.

    Raises:
        RunFolderError: the file is missing, damaged, or from another checkpoint.
    """
    check_files(read_sealed(path / _STATE), path, _MODEL)
    return path / _MODEL


def latest_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint in a run's checkpoint folder; None if there is none."""
    found = [path for path in folder.glob("epoch-*") if _NAME.fullmatch(path.name)]
    return max(found, key=_moment, default=None)


def _moment(path: Path) -> tuple[int, ...]:
    match = _NAME.fullmatch(path.name)
    return tuple(int(number) for number in match.groups()) if match else ()


def _detached(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies that share no memory, which safetensors requires (tied weights share memory)."""
    return {key: value.detach().cpu().clone().contiguous() for key, value in tensors.items()}


def _remove_all_but(path: Path) -> None:
    # The newest is complete before any other is removed, so a kill never leaves a broken newest.
    for other in path.parent.iterdir():
        mine = _NAME.fullmatch(other.name) or _UNFINISHED.fullmatch(other.name)
        if mine and other != path:
            shutil.rmtree(other, ignore_errors=True)
