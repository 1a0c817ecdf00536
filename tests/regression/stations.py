"""Which files a training step and a recipe pass through, in the order in which they are first met.

    python tests/regression/stations.py [RECIPE]

counts the files of objcentric and its plugins in which a function runs: while a recipe is loaded and
its model built, and while one batch is trained on. `docs/design.md` draws both ways.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from rich.console import Console

from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.runs.run_folders import new_run
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.train import train

ROOT = Path(__file__).parents[2]


def stations(action: Callable[[], object]) -> list[str]:
    """The files of this project whose functions an action calls, each once."""
    met: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(str(ROOT)) and ".venv" not in file:
            met[str(Path(file).relative_to(ROOT))] = None

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return [file for file in met if file.startswith(("objcentric/", "plugins/"))]


def main() -> None:
    """Prints both ways."""
    name = sys.argv[1] if len(sys.argv) > 1 else "quickstart"
    registry = Registry.discover()
    sizes = ["scenes.train=128", "scenes.test=8", "scenes.validation=8"]
    options = [*sizes, "scenes.digits=bundled", "training.epochs=1", "tracking.wandb=off"]
    recipe = load(name, options, registry)
    source = recipe.build_source()
    loaded = stations(lambda: load(name, options, registry).build_model(source.image_shape))
    stepped: list[str] = []
    step = EagerEngine.step

    def watched(engine: EagerEngine, number: int, images: int) -> None:
        if number == 1:
            stepped.extend(stations(lambda: step(engine, number, images)))
        else:
            step(engine, number, images)

    EagerEngine.step = watched  # type: ignore[method-assign]
    scenes = {split: source.scenes(split) for split in ("train", "validation", "test")}
    with tempfile.TemporaryDirectory() as folder, new_run(recipe, Path(folder) / "run") as run:
        train(run, scenes, registry, Console(quiet=True))  # type: ignore[arg-type]
    for title, files in (("recipe", loaded), ("step", stepped)):
        print(f"{title}: {len(files)} files", *files, sep="\n  ")


if __name__ == "__main__":
    main()
