"""Everything that a plugin may add to objcentric, on one page.

A plugin is a module (or object) behind an entry point of the group `objcentric`, or a single file
named on the command line. It implements any of these hooks, marked `objcentric.hookimpl`; arguments
that it has no use for may be left out. None of them is called inside a training step.
"""

# mypy: disable-error-code="empty-body"

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from objcentric.component import Component

if TYPE_CHECKING:
    import typer
    from pydantic import BaseModel

    from objcentric.runs.run import Run
    from objcentric.testing import InterfaceKit

hookspec = pluggy.HookspecMarker("objcentric")


@hookspec
def objcentric_components() -> list[type[Component] | str]:
    """The plugin's components: classes, or `"module:Class"`, which is imported when it is needed.

    Strings keep listings fast. A component is called `plugin.class_name_in_snake_case`.
    """


@hookspec
def objcentric_recipes() -> list[Path]:
    """Folders whose `*.yaml` files are recipes. The file's name without `.yaml` is the recipe's."""


@hookspec
def objcentric_interface_kits() -> "list[InterfaceKit]":
    """How the components of the plugin's own interfaces are checked.

    `objcentric check` and `check_component` ask for it. Without it such a component is only built,
    and its options are read. An interface `Lens`, whose components turn an image into another one:

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

    The exercise is enough for all checks that interfaces share: shapes, precision, gradients, …
    """


@hookspec
def objcentric_recipe_sections() -> dict[str, "type[BaseModel]"]:
    """Sections that the plugin adds to recipes, by name: their options, as pydantic models.

    Every option needs a default, so that recipes may leave the section out. What a recipe says of
    it is checked, and found in `run.recipe.sections["name"]`. Called when a recipe is read.
    """


@hookspec
def objcentric_commands(app: "typer.Typer") -> None:
    """Adds commands to the command line.

    Args:
        app: the application; `app.command()` and `app.add_typer()` add to it.
    """


@hookspec
def objcentric_run_started(run: "Run") -> None:
    """A run is about to train its first epoch, from the start or resumed.

    Args:
        run: its recipe, folder and identity.
    """


@hookspec
def objcentric_run_evaluated(
    run: "Run", epoch: int, metrics: dict[str, float | int | None], pictures: dict[str, Path]
) -> None:
    """An epoch was evaluated on the validation scenes; the last one on the test scenes, too.

    Args:
        run: its recipe, folder and identity.
        epoch: epochs done.
        metrics: the line that was added to `metrics.jsonl`; None where a figure does not exist.
        pictures: PNG files by name; empty after most epochs.
    """


@hookspec
def objcentric_run_finished(run: "Run", summary: dict[str, Any]) -> None:
    """A run has ended, whichever way.

    Args:
        run: its recipe, folder and identity.
        summary: what `summary.json` holds.
    """
