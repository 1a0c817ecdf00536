"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

RecipeName = Annotated[
    str,
    typer.Argument(metavar="RECIPE", help="A shipped recipe's name, or the path of a .yaml file."),
]
Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY=VALUE]...", help="Changes, for example model.estimator=reinforce."
    ),
]
PluginFiles = Annotated[
    list[Path] | None,
    typer.Option("--plugin", metavar="FILE", help="A Python file with components. Repeatable."),
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, or a pack.")]
Device = Annotated[
    str | None, typer.Option(help="cpu, cuda or auto; by default the recipe's, if it is here.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")]
