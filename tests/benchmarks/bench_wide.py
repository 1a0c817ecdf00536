"""Memory and time of a training step against slots, canvas and batch, with and without patches.

    python tests/benchmarks/bench_wide.py [PICTURE.png]

takes steps of `crowded` with other sizes, in a process for each point, on one thread. Memory is
the most resident memory of the process, less what it had with the model built, in MiB. So it holds
all that a step adds: activations, gradients and Adam's moments. Time is the processor time
of the faster one of two steps after the first. The figures are printed as tables with the slopes
of straight lines through the larger half of the points, log–log, and drawn. Nothing is asserted:
they are properties of a machine. Linux only, for it reads `/proc`.
"""

import json
import math
import os
import re
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from bench_patches import step_of
from matplotlib.figure import Figure

from objcentric.interfaces import perception
from objcentric.pictures import style

STEPS = 3
MIDDLE = {"slots": 16, "side": 128, "batch": 16}
AXES = {
    "slots": (4, 8, 16, 32, 64, 128, 256),
    "side": (50, 64, 96, 128, 192, 256),
    "batch": (8, 16, 32, 64),
}
TITLES = {"slots": "slots", "side": "side of the canvas, pixels", "batch": "images of a batch"}
FIXED = {"slots": "16 slots", "side": "128×128 pixels", "batch": "batch of 16"}
"""What `MIDDLE` means, for the titles."""

LARGEST = {"slots": 256, "side": 256, "batch": 16}
KINDS = {"patches": 0.0, "drawn": float("inf")}
"""From which ratio of sizes layers stay patches."""

COLORS = {"patches": "#009E73", "drawn": "#D55E00"}


@dataclass(frozen=True)
class Point:
    """A training step of some size.

    Attributes:
        kind: `patches`, or `drawn` on canvases of their own.
        slots: number of slots.
        side: side of the canvas, in pixels.
        batch: images of a batch.
        memory: what it adds, in MiB; NaN before it is measured.
        seconds: its processor time; NaN before it is measured.
    """

    kind: str
    slots: int
    side: int
    batch: int
    memory: float = math.nan
    seconds: float = math.nan

    def measured(self) -> "Point":
        """The same point with its figures, from a process of its own."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, json.dumps(self._figures()).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            figures = json.loads(pipe.read() or "null")
        os.waitpid(child, 0)
        if figures is None:
            raise SystemExit(f"{self}: the process ended without figures; is there enough memory?")
        return replace(self, memory=figures[0], seconds=figures[1])

    def _figures(self) -> tuple[float, float]:
        """MiB and seconds, measured in this process."""
        perception.MUCH_LARGER = KINDS[self.kind]
        window = f"model.glimpser.window={21 / self.side:.4f}"  # 21 pixels on any canvas
        options = [f"model.objects={self.slots}", window]
        step = step_of("crowded", options, self.batch, self.side)
        before = _status("VmRSS")
        times = []
        for _ in range(STEPS):
            start = time.process_time()
            step()
            times.append(time.process_time() - start)
        return _status("VmHWM") - before, min(times[1:])


def _status(name: str) -> float:
    """A figure of this process, in MiB."""
    text = Path("/proc/self/status").read_text()
    found = re.search(rf"{name}:\s+(\d+) kB", text)
    assert found is not None
    return int(found[1]) / 1024


def slope(sizes: list[float], values: list[float]) -> float:
    """The exponent of the power law through the larger half of some points."""
    half = len(sizes) // 2
    x, y = (torch.tensor(each[half:]).double().log() for each in (sizes, values))
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / (x * x).sum())


def table(axis: str, points: list[Point]) -> None:
    """Prints the points of an axis, and their slopes."""
    print(f"\n| {axis} | " + " | ".join(f"{kind}, MiB | {kind}, s" for kind in KINDS) + " |")
    print("|---:|" + "---:|" * 2 * len(KINDS))
    for size in AXES[axis]:
        row = [point for point in points if getattr(point, axis) == size]
        cells = [f"{point.memory:,.0f} | {point.seconds:.3f}" for point in row]
        print(f"| {size} | " + " | ".join(cells) + " |", flush=True)
    cells = [
        f"{slope(*line(axis, points, kind, figure)):.2f}"
        for kind in KINDS
        for figure in ("memory", "seconds")
    ]
    print("| slope | " + " | ".join(cells) + " |", flush=True)


def line(axis: str, points: list[Point], kind: str, figure: str) -> tuple[list[float], list[float]]:
    """Sizes and figures of one kind."""
    own = [point for point in points if point.kind == kind]
    return [getattr(p, axis) for p in own], [getattr(p, figure) for p in own]


def draw(found: dict[str, list[Point]], path: Path) -> None:
    """A column for each axis; memory above, time below."""
    figure = Figure(figsize=(10, 5.5), layout="constrained")
    cells = figure.subplots(2, len(AXES), sharey="row")
    for row, (name, unit) in enumerate({"memory": "MiB", "seconds": "s"}.items()):
        for axes, (axis, points) in zip(cells[row], found.items(), strict=True):
            for kind in KINDS:
                x, y = line(axis, points, kind, name)
                label = f"{kind}: slope {slope(x, y):.2f}"
                axes.loglog(x, y, "o-", color=COLORS[kind], lw=2, ms=4, label=label)
            axes.set_xticks(AXES[axis], [str(size) for size in AXES[axis]])
            axes.minorticks_off()
            axes.grid(alpha=0.3)
            axes.legend(frameon=False, labelcolor=style.INK, fontsize=8)
            if row == 0:
                fixed = ", ".join(text for other, text in FIXED.items() if other != axis)
                axes.set_title(fixed, color=style.INK, fontsize=9)
            else:
                axes.set_xlabel(TITLES[axis], color=style.INK)
        what = "memory of a step" if name == "memory" else "processor time of a step"
        cells[row][0].set_ylabel(f"{what}, {unit}", color=style.INK)
    style.save_figure(figure, path)


def main() -> None:
    """Measures, prints and draws."""
    torch.set_num_threads(1)
    found: dict[str, list[Point]] = {}
    for axis, sizes in AXES.items():
        points = [Point(kind, **{**MIDDLE, axis: size}) for size in sizes for kind in KINDS]
        found[axis] = [point.measured() for point in points]
        table(axis, found[axis])
    if len(sys.argv) > 1:
        draw(found, Path(sys.argv[1]))
    largest = Point("patches", **LARGEST).measured()
    print(f"\n{largest}", flush=True)


if __name__ == "__main__":
    main()
