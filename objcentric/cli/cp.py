"""`objcentric cp`"""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from objcentric.cli.arguments import RecipeName
from objcentric.errors import ObjcentricError
from objcentric.recipe.locating import locate
from objcentric.registry import Registry


def cp(
    recipe: RecipeName,
    dest: Annotated[Path, typer.Argument(help="A file or a folder.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Copy a recipe into a file of your own, to edit it."""
    source = locate(recipe, Registry.discover())
    target = dest / source.name if dest.is_dir() else dest
    if not source.is_file():
        raise ObjcentricError(f"there is no file {source}")
    if target.exists() and not force:
        raise ObjcentricError(f"{target} exists; --force overwrites it")
    if target.exists() and target.samefile(source):
        raise ObjcentricError(f"{target} is the recipe itself")
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise ObjcentricError(f"cannot write {target}: {error.strerror}") from error
    typer.echo(target)
