"""Making the scenes of a training (`all_scenes`), if the machine can hold them (`check_sizes`)."""

from math import prod
from typing import get_args

from objcentric.devices import resolve_device
from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric.memory import gibibytes, machine_memory
from objcentric.recipe.recipe import Recipe
from objcentric.waiting import waiting


def all_scenes(recipe: Recipe, *, quiet: bool = False) -> dict[Split, Scenes]:
    """The scenes of a recipe by split, with progress if that takes long.

    Raises:
        DataUnavailable: data is missing and may not be downloaded.
        ObjcentricError: the machine has too little memory, or not the device.
    """
    source = recipe.build_source()
    check_sizes(recipe, source)
    found: dict[Split, Scenes] = {}
    for split in get_args(Split):
        with waiting(f"Making {split} scenes", quiet=quiet):
            found[split] = source.scenes(split)
    return found


def check_sizes(recipe: Recipe, source: SceneSource) -> None:
    """Refuses a device that is not here, and scenes or batches that no memory could hold.

    Raises:
        ObjcentricError: the machine has too little memory, or not the device.
    """
    resolve_device(recipe.training.device)
    pixels = prod(source.image_shape)
    options = recipe.scenes.written
    counts = [options[name] for name in get_args(Split) if isinstance(options.get(name), int)]
    wanted = {
        f"scenes: {sum(counts):,} images of {pixels:,} values": sum(counts) * pixels,
        f"training.batch_size: {recipe.training.batch_size:,} images of {pixels:,} values": (
            4 * recipe.training.batch_size * pixels
        ),
    }
    for what, size in wanted.items():
        if size > machine_memory():
            raise ObjcentricError(
                f"{what} take {gibibytes(size)}, and this machine has "
                f"{gibibytes(machine_memory())}; lower it"
            )
