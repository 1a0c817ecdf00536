"""What can be killed, how, and how it goes on: trainings, comparisons, ranks (`Killable`)."""

import signal
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random
from subprocess import Popen, TimeoutExpired

from killing import Ended, Moment, children, forked, rank_of, send, started
from left_over import difference, untrue

from objcentric.files import read_json
from objcentric.runs.run_lock import holder

LONGEST = 300
"""Seconds after which a command hangs."""

PYTHON = [sys.executable, "-P", "-m"]
STOPPED = (130, -signal.SIGINT, -signal.SIGTERM)
"""Exit codes of a process that SIGTERM has stopped: objcentric's; rarely, Python's own after Ctrl-C
(a shell shows 130 for it, too); and that of before our first line."""

SIGNALS = {"SIGKILL": signal.SIGKILL, "SIGTERM": signal.SIGTERM}


class Killable(ABC):
    """A command that trains, and what is to come of it.

    Args:
        folder: where everything happens; the current folder.
        words: the command, without its folder.
        epochs: how many it trains.
        runs: the run folders in its folder.
    """

    name: str

    def __init__(
        self, folder: Path, words: Sequence[str], epochs: int, runs: Sequence[str] = (".",)
    ) -> None:
        self.folder, self.epochs, self.runs = folder, epochs, runs
        self.words = list(words)
        self.whole = f"{self.name.replace(' ', '-')}-whole"
        ended = self.finish(self.whole)
        if ended.code:
            raise RuntimeError(f"{self.name} does not work:\n{ended.printed}")

    @abstractmethod
    def attempt(self, out: str, chance: Random, number: int) -> Ended:
        """Begins or goes on, and is killed at some moment, if it does not end before."""

    @abstractmethod
    def finish(self, out: str) -> Ended:
        """Begins or goes on, to the end."""

    def command(self, out: str) -> list[str]:
        """The words that begin, or go on with what is there."""
        if (self.folder / out / "recipe.yaml").exists():
            files = [w for pair in pairwise(self.words) if pair[0] == "--plugin" for w in pair]
            return ["train", "--resume", out, *files]
        return [*self.words, "--out", out]

    def trial(self, out: str, chance: Random, number: int) -> tuple[list[str], str]:
        """Kills a command once or more often; what it did then, and what came of it in the end.

        That is nothing (all is the same to the bit), "rounding", or what is wrong.
        """
        kills, wrong = [], []
        runs = [(self.folder / out / run, self.folder / self.whole / run) for run in self.runs]
        for _ in range(chance.choice([1, 1, 2, 3])):
            ended = self.attempt(out, chance, number)
            wrong += self.misbehaved(ended, number)
            wrong += [each for run, _ in runs for each in untrue(run, self.epochs)]
            if not ended.doing:
                break
            kills.append(ended.doing)
        last = self.finish(out)
        wrong += self.misbehaved(last, None)
        if last.code:
            wrong.append(f"it does not go on: exit code {last.code}: {last.printed[-300:]}")
            return kills, "; ".join(wrong)
        ways = {difference(run, whole) for run, whole in runs}
        wrong += sorted(ways - {"", "rounding"})
        return kills, "; ".join(wrong) or max(ways)

    def misbehaved(self, ended: Ended, number: int | None) -> list[str]:
        """What is wrong with how a command ended."""
        wrong = []
        if "Traceback" in ended.printed or "Error ignored" in ended.printed:
            wrong.append(f"traceback: {ended.printed[-1500:]}")
        if ended.doing and ended.code not in self.codes(number):
            wrong.append(f"exit code {ended.code} after a signal")
        return wrong

    def codes(self, number: int | None) -> tuple[int, ...]:
        """The exit codes that are right after a signal."""
        # It may have finished before it looks whether it is to stop.
        return (-9,) if number == signal.SIGKILL else (130, 0)


class ForkedTraining(Killable):
    """`objcentric train` in a fork, so that the moment can be drawn by what it does then."""

    name = "train"

    def attempt(self, out: str, chance: Random, number: int) -> Ended:
        moment = Moment.drawn(self.lines, chance)
        return forked(self.command(out), self.folder / f"{out}.txt", moment, number)

    def finish(self, out: str) -> Ended:
        ended = forked(self.command(out), self.folder / f"{out}.txt")
        if out == self.whole:
            self.lines = ended.lines
        return ended


class ForkedSeeds(ForkedTraining):
    """`objcentric train --seeds`; the same command goes on."""

    name = "train --seeds"


class Spawned(Killable):
    """A command in processes of its own, killed at any time after its start."""

    def begun(self, command: Sequence[str], out: str) -> Popen[bytes]:
        return started(command, self.folder, self.folder / f"{out}.txt")

    def pause(self, process: Popen[bytes], seconds: float) -> None:
        """Waits, unless the command ends before."""
        with suppress(TimeoutExpired):
            process.wait(seconds)

    def ended(self, process: Popen[bytes], out: str, doing: str) -> Ended:
        """Waits for the end of a command, and of what it has left behind in the background."""
        try:
            code = process.wait(LONGEST)
        except TimeoutExpired:
            process.kill()
            return Ended(process.wait(), doing, "Traceback: it hangs")
        return Ended(code, doing, (self.folder / f"{out}.txt").read_text())


class WholeProcess(Spawned):
    """`objcentric train` from the start of Python to its end."""

    name = "train, from its first import on"

    def attempt(self, out: str, chance: Random, number: int) -> Ended:
        process = self.begun([*PYTHON, "objcentric", *self.command(out)], out)
        self.pause(process, chance.random() * self.seconds)
        doing = "" if process.poll() is not None else self._doing(out)
        send(number, process.pid)
        return self.ended(process, out, doing)

    def _doing(self, out: str) -> str:
        has_begun = (self.folder / out / "summary.json").exists()
        return "after its first import" if has_begun else "before it trains"

    def finish(self, out: str) -> Ended:
        start = time.monotonic()
        ended = self.ended(self.begun([*PYTHON, "objcentric", *self.command(out)], out), out, "")
        if out == self.whole:
            self.seconds = time.monotonic() - start
        return ended

    def codes(self, number: int | None) -> tuple[int, ...]:
        return (-9,) if number == signal.SIGKILL else (*STOPPED, 0)


class Comparison(Spawned):
    """`objcentric compare`: the comparison, one of its trainings, or all of them are killed."""

    name = "compare"

    def attempt(self, out: str, chance: Random, number: int) -> Ended:
        process = self.begun([*PYTHON, "objcentric", *self.words, "--out", out], out)
        victim = chance.choice(["the comparison", "one training", "the comparison and trainings"])
        while victim != "the comparison" and not children(process.pid) and process.poll() is None:
            time.sleep(0.05)
        share = 1 if victim == "the comparison" else 0.6
        self.pause(process, chance.random() * self.seconds * share)
        trainings = children(process.pid)
        if process.poll() is not None or (victim == "one training" and not trainings):
            return self.ended(process, out, "")
        if victim == "one training":
            send(number, chance.choice(trainings))
        elif victim == "the comparison":
            send(number, process.pid)
        else:
            send(number, process.pid, *trainings)
        return self.ended(process, out, victim)

    def codes(self, number: int | None) -> tuple[int, ...]:
        return (-9, *STOPPED, 0, 1)

    def finish(self, out: str) -> Ended:
        start = time.monotonic()
        command = [*PYTHON, "objcentric", *self.words, "--out", out]
        ended = self.ended(self.begun(command, out), out, "")
        if out == self.whole:
            self.seconds = time.monotonic() - start
        return ended

    def misbehaved(self, ended: Ended, number: int | None) -> list[str]:
        wrong = super().misbehaved(ended, number)
        if ended.doing == "the comparison" and ended.code == 1:
            wrong.append("it says that all runs have failed")
        return wrong

    def trial(self, out: str, chance: Random, number: int) -> tuple[list[str], str]:
        kills, outcome = super().trial(out, chance, number)
        if any("Traceback" in log.read_text() for log in (self.folder / out).rglob("*.log")):
            return kills, f"{outcome}; a training had a traceback"
        own, whole = (self._figures(self.folder / each) for each in (out, self.whole))
        return kills, outcome if own == whole else f"{outcome}; its files or figures are others"

    def _figures(self, out: Path) -> tuple[object, ...]:
        """The names of its files, and its figures without times."""
        runs = read_json(out / "comparison.json")["runs"]
        timeless = [{k: v for k, v in run.items() if "second" not in k} for run in runs]
        return sorted(path.name for path in (*out.iterdir(), *out.glob("*/*"))), timeless


class Torchrun(Spawned):
    """Two ranks by `torchrun`: one of them, `torchrun` or all are killed; one process goes on."""

    name = "two ranks by torchrun"

    def attempt(self, out: str, chance: Random, number: int) -> Ended:
        logs = self.folder / f"{out}-ranks"
        torchrun = [*PYTHON, "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
        torchrun += ["--redirects", "3", "--log-dir", str(logs), "-m", "objcentric"]
        process = self.begun([*torchrun, *self.command(out)], out)
        while len(ranks := self._ranks(process.pid)) < 2 and process.poll() is None:
            time.sleep(0.05)
        self.pause(process, chance.random() * self.seconds)
        if process.poll() is not None:
            return self.ended(process, out, "")
        victim, pids = chance.choice(
            [
                ("one rank", [chance.choice(list(ranks))]),
                ("torchrun", [process.pid]),
                ("torchrun and both ranks", [process.pid, *ranks]),
            ]
        )
        send(number, *pids)
        code = self.ended(process, out, victim).code
        while holder(self.folder / out) is not None:  # ranks without their torchrun
            time.sleep(0.1)
        send(signal.SIGKILL, *ranks)  # those that still wait for it, for minutes
        said = "".join(path.read_text() for path in logs.rglob("std*.log"))
        return Ended(code, victim, said)

    def _ranks(self, pid: int) -> list[int]:
        return [child for child in children(pid) if rank_of(child) is not None]

    def finish(self, out: str) -> Ended:
        start = time.monotonic()
        ended = forked(self.command(out), self.folder / f"{out}.txt")
        if out == self.whole:
            self.seconds = 1.5 * (time.monotonic() - start)
        return ended

    def codes(self, number: int | None) -> tuple[int, ...]:
        return (-9, 1, 0) if number == signal.SIGKILL else (1, 0, -15, 143)
