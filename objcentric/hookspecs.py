"""Everything that a plugin may add to objcentric, on one page.

A plugin is a module (or object) behind an entry point of the group `objcentric`, or a single file
named on the command line. It implements any of these hooks and marks them `objcentric.hookimpl`. It
may leave out arguments that it does not use. No hook is called inside a training step.
"""

# mypy: disable-error-code="empty-body"

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from objcentric.component import Component

if TYPE_CHECKING:
    import typer
    from pydantic import BaseModel

    from objcentric.pictures.snapshot import Snapshot
    from objcentric.recipe.recipe import Recipe
    from objcentric.runs.run import Run
    from objcentric.testing import InterfaceKit

hookspec = pluggy.HookspecMarker("objcentric")


@hookspec
def objcentric_components() -> list[type[Component] | str]:
    """The plugin's components: classes, or strings `"module:Class"`, imported when needed.

    Strings keep listings fast. A component's name is `plugin.class_name_in_snake_case`.
    """


@hookspec
def objcentric_recipes() -> list[Path]:
    """Folders whose `*.yaml` files are recipes, named after the file without `.yaml`."""


@hookspec
def objcentric_interface_kits() -> "list[InterfaceKit]":
    """Checks for components of the interfaces that the plugin defines.

    `objcentric check` and `check_component` use these kits. A component whose interface has no kit
    is only built, and its options are read. Example, for an interface `Lens` whose components turn
    one image into another:

        @objcentric.hookimpl
        def objcentric_interface_kits():
            from objcentric.testing import Exercise, InterfaceKit, expect

            def keeps_black(subject):
                "A black image stays black."
                seen = subject.build()(torch.zeros(1, *subject.scene.image_shape))
                expect(not seen.any(), "a black image to stay black", seen.max().item())

            exercise = Exercise(
                takes={"image": "B C H W"},
                gives={"seen": "B C H W"},
                use=lambda lens, scene, given: {"seen": lens(given["image"])},
            )
            return [InterfaceKit(Lens, exercise, checks=(keeps_black,))]

    The exercise alone provides all checks that interfaces share: shapes, precision, gradients, …
    """


@hookspec
def objcentric_recipe_sections() -> dict[str, "type[BaseModel]"]:
    """Sections that the plugin adds to recipes: a pydantic model of the options, by section name.

    Every option needs a default, so that recipes may leave the section out. The hook is called when
    a recipe is read. The section's checked options are in `run.recipe.sections["name"]`.
    """


@hookspec
def objcentric_commands(app: "typer.Typer") -> None:
    """Adds commands to the command line.

    Args:
        app: the application; add to it with `app.command()` or `app.add_typer()`.
    """


@hookspec
def objcentric_run_started(run: "Run") -> None:
    """Called when a run, new or resumed, is about to train its first epoch.

    Args:
        run: its recipe, folder and identity.
    """


@hookspec
def objcentric_run_evaluated(
    run: "Run",
    epoch: int,
    metrics: dict[str, Any],
    pictures: dict[str, Path],
    snapshot: "Snapshot | None",
) -> None:
    """Called after an epoch was evaluated on validation scenes, the last one on test scenes, too.

    The epoch's checkpoint has been written: it is `run.checkpoint()`.

    Args:
        run: its recipe, folder and identity.
        epoch: how many epochs are done.
        metrics: the line that was added to `metrics.jsonl`; a figure that does not exist is None.
        pictures: PNG files by name; empty after most epochs.
        snapshot: what was found in the scenes of the pictures; None if there are no pictures.
    """


@hookspec
def objcentric_run_finished(run: "Run", summary: dict[str, Any]) -> None:
    """Called when a run has finished, failed or been interrupted.

    Args:
        run: its recipe, folder and identity.
        summary: the content of `summary.json`.
    """


@hookspec
def objcentric_comparison_started(folder: Path, recipes: "list[Recipe]") -> dict[str, str]:
    """Environment variables for the runs of a comparison, each of which has its own process.

    Called once, before the first run starts.

    Args:
        folder: the comparison's folder.
        recipes: the recipes of its arms, those that are refused left out.
    """
