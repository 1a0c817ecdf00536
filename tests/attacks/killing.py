"""Commands in processes of their own, killed at moments that are drawn by lot."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "training"))
import ranks

ranks.LONGEST = 600  # seconds; a busy machine may need more than those of the tests of ranks

WATCHED = {
    "making scenes": "training.making:all_scenes",
    "training step": "training.engines.eager:EagerEngine.step",
    "training step of all seeds": "training.engines.stack:Stack.step",
    "checkpointing": "runs.checkpoint:Checkpoint.save",
    "evaluation": "training.epoch_end:evaluate",
    "pictures": "training.epoch_end:draw_epoch",
    "writing figures": "runs.run:Run.append_metrics",
    "writing the summary": "runs.run:Run.write_summary",
    "report": "training.train:report_run",
}
"""What a training does, and where in objcentric."""

BETWEEN = "between these"


@dataclass(frozen=True)
class Moment:
    """When to kill a command.

    Attributes:
        doing: what it is doing then, if all goes at the usual speed.
        line: what the command says at the last chance to count.
        number: how often it says so before.
        wait: seconds after that.
    """

    doing: str
    line: str
    number: int
    wait: float

    @classmethod
    def drawn(cls, lines: Sequence[tuple[float, str]], chance: Random) -> "Moment":
        """A moment of a command that was not killed: first what it does, then when it does it."""
        found: dict[str, list[Moment]] = defaultdict(list)
        seen: Counter[str] = Counter()
        for (start, line), (end, _) in pairwise(lines):
            seen[line] += 1
            doing = line[1:] if line[0] == "+" else BETWEEN
            found[doing].append(cls(doing, line, seen[line], end - start))
        moment = chance.choice(found[chance.choice(sorted(found))])
        return cls(moment.doing, moment.line, moment.number, chance.random() * moment.wait)


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        code: its exit code; the signal's number, negative, if that ended it.
        doing: what it was doing when it got the signal; empty if it ended before.
        printed: all that it printed.
        lines: when it said what.
    """

    code: int
    doing: str
    printed: str
    lines: Sequence[tuple[float, str]] = ()


def forked(
    words: Sequence[str], output: Path, moment: Moment | None = None, number: int = signal.SIGKILL
) -> Ended:
    """Runs a command in a fork of this process, and sends it a signal at a moment."""
    reading, writing = os.pipe()
    child = ranks.start(list(words), output, {}, partial(_say_what_is_done, writing))
    os.close(writing)
    lines: list[tuple[float, str]] = [(time.monotonic(), "-beginning")]
    doing, due = "", None
    while True:
        for line in _read(reading, due):
            if line is None:
                _, status = os.waitpid(child, 0)
                os.close(reading)
                code = os.waitstatus_to_exitcode(status)
                if number == signal.SIGKILL and doing:  # it may have got on until the signal
                    doing = _doing(lines)
                lines.append((time.monotonic(), "-end"))
                return Ended(code, doing, output.read_text(), lines)
            lines.append((time.monotonic(), line))
            said = sum(each == line for _, each in lines)
            if moment and not doing and (line, said) == (moment.line, moment.number):
                due = time.monotonic() + moment.wait
        if due is not None and time.monotonic() >= due:
            due, doing = None, _doing(lines)
            os.kill(child, number)


def _read(pipe: int, due: float | None) -> list[str | None]:
    """The lines that come before a time; a last None if there will be none any more."""
    wait = None if due is None else max(0.0, due - time.monotonic())
    if not select.select([pipe], [], [], wait)[0]:
        return []
    content = os.read(pipe, 2**16)  # as much as a pipe holds
    return [*content.decode().splitlines()] if content else [None]


def _doing(lines: Sequence[tuple[float, str]]) -> str:
    last = lines[-1][1]
    return last[1:] if last[0] == "+" else BETWEEN


def _say_what_is_done(pipe: int) -> None:
    """Lets this process write into a pipe what it begins and what it ends."""

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            os.write(pipe, f"+{name}\n".encode())
            try:
                return function(*args, **kwargs)
            finally:
                os.write(pipe, f"-{name}\n".encode())

        return call

    for name, place in WATCHED.items():
        module, _, path = place.partition(":")
        owner: Any = import_module(f"objcentric.{module}")
        *outer, attribute = path.split(".")
        for each in outer:
            owner = getattr(owner, each)
        setattr(owner, attribute, watched(name, getattr(owner, attribute)))


def children(pid: int) -> list[int]:
    """The processes that a process has started and that have not ended."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(child) for child in found]


def rank_of(pid: int) -> int | None:
    """The rank that `torchrun` gave to a process."""
    try:
        said = re.search(rb"\0RANK=(\d+)\0", Path(f"/proc/{pid}/environ").read_bytes())
    except OSError:
        return None
    return int(said[1]) if said else None


def send(number: int, *pids: int) -> bool:
    """Sends a signal to processes; whether all were still there."""
    there = True
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            there = False
    return there


def started(command: Sequence[str], folder: Path, output: Path) -> subprocess.Popen[bytes]:
    """Starts a command in a folder."""
    with output.open("wb") as file:
        return subprocess.Popen(command, cwd=folder, stdout=file, stderr=subprocess.STDOUT)
