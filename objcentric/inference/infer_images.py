"""Inference on images that a user names, into records and pictures (`infer_images`)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import torch

from objcentric.images import Canvas, Fit, Ground
from objcentric.inference.image_inputs import ImageInputs, NamedImage, Unreadable
from objcentric.inference.output import Output, picture_name, written
from objcentric.inference.records import Format, record
from objcentric.inference.trained_model import BATCH, TrainedModel
from objcentric.inference.trained_run import TrainedRun
from objcentric.recipe.recipe import Recipe
from objcentric.waiting import advanced, reporting_to, waiting


@dataclass(frozen=True)
class Task:
    """What to infer, and where results go.

    Attributes:
        sources: files, folders, `.npy` files; `-` for one image from standard input.
        out: the folder for records and pictures; None for a new one; `-` for standard output.
        form: form of the records.
        fit: what becomes of another aspect ratio; None for what the training did, or `pad`.
        invert: whether dark and bright are exchanged; None for what the training did.
        pictures: whether to draw pictures.
        quiet: whether to say nothing but errors.
    """

    sources: tuple[str, ...]
    out: str | None = None
    form: Format = "csv"
    fit: Fit | None = None
    invert: bool | None = None
    pictures: bool = True
    quiet: bool = False


def infer_images(
    run: TrainedRun, task: Task, stdin: Callable[[], bytes], say: Callable[[str], None]
) -> int:
    """Finds objects in images and writes what was found; results so far survive Ctrl-C.

    Args:
        run: the trained run.
        task: what to infer.
        stdin: reads what `-` stands for.
        say: prints a line for the user.

    Returns:
        How many inputs could not be read.

    Raises:
        ObjcentricError: the output folder cannot be used.
    """
    canvas = model_canvas(run, task.fit, task.invert)
    inputs = ImageInputs(task.sources, canvas, stdin)
    note = (lambda _: None) if task.quiet else say
    with (
        written(task.out, task.form, pictures=task.pictures) as output,
        waiting("Finding objects", quiet=task.quiet),
    ):
        _Session(run.model, output, canvas, say, note).infer(inputs)
    if not run.model.decides_presence:
        note(
            "The model does not decide which slots hold an object: count and probability are empty"
        )
    note(output.conclusion())
    return output.unread


class _Session:
    """One pass over the inputs."""

    def __init__(
        self,
        model: TrainedModel,
        output: Output,
        canvas: Canvas,
        say: Callable[[str], None],
        note: Callable[[str], None],
    ) -> None:
        self.model = model
        self.output = output
        self.canvas = canvas
        self.say = say
        self.note = note
        self.changed = False
        self.done = 0

    def infer(self, inputs: ImageInputs) -> None:
        for seen, batch in _batches(self._readable(inputs)):
            self._infer(batch)
            advanced(max(seen + self.output.unread, 0), len(inputs))

    def _readable(self, inputs: ImageInputs) -> Iterator[NamedImage]:
        for image in inputs:
            if isinstance(image, Unreadable):
                self.output.unread += 1
                self.say(f"{image.name}: {image.reason}")
            else:
                self._notice(image)
                yield image

    def _notice(self, image: NamedImage) -> None:
        if self.changed or image.placement.is_exact:
            return
        self.changed = True
        height, width = image.placement.size
        kind = "grey" if self.canvas.channels == 1 else "colour"
        self.note(
            f"Images are changed to {self.canvas.size[0]}×{self.canvas.size[1]} {kind}, which the "
            f"model takes (fit: {self.canvas.fit}); the first is {image.name}, {height}×{width}"
        )

    def _infer(self, batch: list[NamedImage]) -> None:
        with reporting_to(lambda done, total: None):  # the bar counts all images, not a batch's
            found = self.model.infer(torch.from_numpy(np.stack([image.pixels for image in batch])))
        snapshot = found.snapshot()
        for index, image in enumerate(batch):
            self.done += 1
            records, picture = self.output.records, ""
            if self.output.pictures and self.output.folder is not None:
                from objcentric.pictures.strip import draw_strip

                picture = picture_name(self.done, image.name)
                draw_strip(snapshot, index, self.output.folder / picture)
            line = record(image.name, found[index], image.placement, picture)
            records.write(line)
            self.output.counts[line["count"]] += 1


def model_canvas(run: TrainedRun, fit: Fit | None = None, invert: bool | None = None) -> Canvas:
    """The images that a run's model takes.

    Args:
        run: the trained run.
        fit: what becomes of another aspect ratio; None for what the training did, or `pad`.
        invert: whether dark and bright are exchanged; None for what the training did.
    """
    channels, height, width = run.model.image_shape
    trained_fit, ground, trained_invert = _as_trained(run.recipe)
    return Canvas(
        channels,
        (height, width),
        fit or trained_fit,
        ground,
        trained_invert if invert is None else invert,
    )


def _as_trained(recipe: Recipe) -> tuple[Fit, Ground, bool]:
    """How the scenes of the training were made from images, if these options exist there."""
    options: dict[str, Any] = recipe.scenes.plain()
    fit: Any = options.get("fit")
    ground: Any = options.get("transparent")
    known_fit: Fit = fit if fit in get_args(Fit) else "pad"
    known_ground: Ground = ground if ground in get_args(Ground) else "black"
    return known_fit, known_ground, options.get("invert") is True


def _batches(images: Iterator[NamedImage]) -> Iterator[tuple[int, list[NamedImage]]]:
    """Batches, each with the number of images up to its end."""
    batch: list[NamedImage] = []
    seen = 0
    for image in images:
        batch.append(image)
        if len(batch) == BATCH:
            seen += BATCH
            yield seen, batch
            batch = []
    if batch:
        yield seen + len(batch), batch
