"""The command-line application `objcentric`: all commands, and how errors are printed."""

import signal
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from objcentric import __version__
from objcentric.cli.check import check
from objcentric.cli.compare import compare
from objcentric.cli.components import components
from objcentric.cli.cp import cp
from objcentric.cli.evaluate import evaluate
from objcentric.cli.failing import VERBOSE, print_error, print_failure
from objcentric.cli.infer import infer
from objcentric.cli.ls import ls
from objcentric.cli.new_plugin import new_plugin
from objcentric.cli.pack import pack
from objcentric.cli.play import play
from objcentric.cli.plugins import plugins
from objcentric.cli.report import report
from objcentric.cli.sample import sample
from objcentric.cli.show import show
from objcentric.cli.train import train
from objcentric.cli.validate import validate
from objcentric.errors import ObjcentricError
from objcentric.interruption import INTERRUPTED, as_ctrl_c
from objcentric.mishaps import mishap
from objcentric.registry import Registry
from objcentric.registry.blame import culprit

BAD_INPUT = 2
"""Exit code of errors that the user can fix."""

_OWN = (
    ls,
    show,
    cp,
    validate,
    components,
    plugins,
    train,
    evaluate,
    report,
    infer,
    sample,
    play,
    pack,
    compare,
    check,
    new_plugin,
)


class _Commands(TyperGroup):
    """Commands in the order in which they were added; errors are printed as messages."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ObjcentricError as error:
            print_error(str(error), error)
            raise typer.Exit(BAD_INPUT) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error
        except (OSError, MemoryError, RuntimeError) as error:
            said = mishap(error)
            if said is None or isinstance(error, BrokenPipeError):  # `objcentric … | head`
                raise
            print_error(said, error)
            raise typer.Exit(BAD_INPUT) from error
        except SystemExit as error:
            # None of our commands raises it, so a component did; a plugin's command may.
            own = ctx.invoked_subcommand in {c.__name__.replace("_", "-") for c in _OWN}
            if not own or isinstance(error.__context__, BrokenPipeError):  # `objcentric … | head`
                raise
            print_error(f"Failed: a component called sys.exit({error.code!r})", error)
            raise typer.Exit(1) from error
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if culprit(error) is None:  # an error of objcentric's own is shown in full
                raise
            print_failure(error)
            raise typer.Exit(1) from error


def build_app() -> typer.Typer:
    """Builds the application, with the commands of all plugins."""
    app = typer.Typer(
        name="objcentric",
        cls=_Commands,
        callback=_objcentric,
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
    )
    for command in _OWN:
        app.command()(command)
    for error in Registry.discover().add_commands(app):
        typer.secho(str(error), fg=typer.colors.YELLOW, err=True)
    return app


def main() -> None:
    """Runs the application: the entry point of the script `objcentric`."""
    signal.signal(signal.SIGTERM, as_ctrl_c)
    try:
        build_app()()
    except KeyboardInterrupt:  # while plugins are imported
        sys.exit(INTERRUPTED)
    finally:
        # All is written. While Python itself ends, an exception could only print a traceback.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _print_version(wanted: bool) -> bool:
    if wanted:
        typer.echo(f"objcentric {__version__}")
        raise typer.Exit
    return wanted


def _objcentric(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print errors with tracebacks.")
    ] = False,
) -> None:
    """Object-centric scene models in which every part is a plugin."""
    VERBOSE.set(verbose)
