"""What surrounds a training: mishaps become one line that says what to do, and distributions do not
check their arguments (`exits_fail`, `mishaps_are_told`, `unchecked`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import extract_tb

from torch.distributions import Distribution

from objcentric.across_ranks import is_lost_connection
from objcentric.errors import UnwritableFile
from objcentric.mishaps import is_out_of_memory, out_of_memory
from objcentric.runs.errors import RankLost, TrainingFailed
from objcentric.runs.run import Run


@contextmanager
def exits_fail() -> Iterator[None]:
    """Makes the run fail if a component calls `sys.exit`, whose exit code means nothing here.

    Raises:
        TrainingFailed: the block raised `SystemExit`.
    """
    try:
        yield
    except SystemExit as error:
        place = extract_tb(error.__traceback__)[-1]
        raise TrainingFailed(
            f"a component called sys.exit({error.code!r}), in {place.filename}:{place.lineno}"
        ) from error


@contextmanager
def mishaps_are_told(run: Run) -> Iterator[None]:
    """Turns a full disk, a lack of memory and a lost rank into one line that says what to do.

    Raises:
        UnwritableFile: the operating system refused to write a file.
        TrainingFailed: there was too little memory.
        RankLost: another rank has ended.
    """
    try:
        yield
    except UnwritableFile as error:
        raise UnwritableFile(
            f"{error}; once that is mended, `objcentric train --resume {run.path}` goes on "
            "from the latest checkpoint"
        ) from error
    except Exception as error:
        if is_out_of_memory(error):
            raise TrainingFailed(out_of_memory(error)) from error
        if is_lost_connection(error):
            raise RankLost(
                "another process of this training has ended; `objcentric train --resume "
                f"{run.path}` goes on from the latest checkpoint, with any number of processes"
            ) from error
        raise


@contextmanager
def unchecked() -> Iterator[None]:
    """Turns off argument checks in distributions, each of which would wait for the device."""
    before = Distribution._validate_args
    Distribution.set_default_validate_args(False)
    try:
        yield
    finally:
        Distribution.set_default_validate_args(before)
