"""All that a run needs to go on as if it had never stopped; nothing in it can be executed."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from jaxtyping import Float
from safetensors.torch import load_file, save_file
from torch import Tensor

from objcentric.files import whole_folder, write_json
from objcentric.runs.training_state import TrainingState

_NAME = re.compile(r"epoch-(\d+)-step-(\d+)")
_UNFINISHED = re.compile(rf"\.{_NAME.pattern}\.\d+\.tmp")


@dataclass(frozen=True)
class Checkpoint:
    """A moment of a training run.

    Attributes:
        model: the model's state.
        adam: Adam's state, as `adam_state` returns it.
        noise: generator states.
        figures: names of the running sums of the epoch that runs; none between epochs.
        sums: the running sums.
        state: scalars.
        recipe_digest: of the recipe that is trained.
        versions: of what wrote it.
    """

    model: Mapping[str, Tensor]
    adam: Mapping[str, Tensor]
    noise: Mapping[str, Tensor]
    figures: tuple[str, ...]
    sums: Float[Tensor, " figures"]
    state: TrainingState
    recipe_digest: str
    versions: Mapping[str, object]

    def save(self, folder: Path) -> Path:
        """Writes the checkpoint into `folder`, whole or not at all, then removes older ones."""
        path = folder / f"epoch-{self.state.epoch:05d}-step-{self.state.step:06d}"
        if not path.exists():
            folder.mkdir(exist_ok=True)
            with whole_folder(path) as temporary:
                save_file(_detached(self.model), temporary / "model.safetensors")
                save_file(_detached(self._training()), temporary / "training.safetensors")
                write_json(temporary / "state.json", self._scalars())
        _remove_all_but(path)
        return path

    @classmethod
    def load(cls, path: Path) -> "Checkpoint":
        """Reads a checkpoint, onto the CPU."""
        scalars = json.loads((path / "state.json").read_text(encoding="utf-8"))
        training = load_file(path / "training.safetensors")

        def part(name: str) -> dict[str, Tensor]:
            return {
                key.removeprefix(f"{name}/"): value
                for key, value in training.items()
                if key.startswith(f"{name}/")
            }

        return cls(
            model=load_file(path / "model.safetensors"),
            adam=part("adam"),
            noise=part("noise"),
            figures=tuple(scalars["figures"]),
            sums=training["sums"],
            state=TrainingState(
                **{field.name: scalars[field.name] for field in fields(TrainingState)}
            ),
            recipe_digest=scalars["recipe_digest"],
            versions=scalars["versions"],
        )

    def _training(self) -> dict[str, Tensor]:
        adam = {f"adam/{key}": value for key, value in self.adam.items()}
        noise = {f"noise/{key}": value for key, value in self.noise.items()}
        return {**adam, **noise, "sums": self.sums}

    def _scalars(self) -> dict[str, object]:
        return {
            **asdict(self.state),
            "figures": self.figures,
            "recipe_digest": self.recipe_digest,
            "versions": self.versions,
        }


def latest_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint of a run's checkpoint folder, None where there is none."""
    found = [path for path in folder.glob("epoch-*") if _NAME.fullmatch(path.name)]
    return max(found, key=_moment, default=None)


def _moment(path: Path) -> tuple[int, ...]:
    match = _NAME.fullmatch(path.name)
    return tuple(int(number) for number in match.groups()) if match else ()


def _detached(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies that share no memory, as safetensors asks for (tied weights do share)."""
    return {key: value.detach().cpu().clone().contiguous() for key, value in tensors.items()}


def _remove_all_but(path: Path) -> None:
    # The newest stays untouched: a kill in between leaves nothing newer that is broken.
    for other in path.parent.iterdir():
        mine = _NAME.fullmatch(other.name) or _UNFINISHED.fullmatch(other.name)
        if mine and other != path:
            shutil.rmtree(other, ignore_errors=True)
