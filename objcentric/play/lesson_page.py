"""The page without a run: a window that is dragged, what it reads and what it writes."""

from typing import Any

import gradio as gr
import torch

from objcentric.play.board_value import BoardWindow, Dragged, board_value
from objcentric.play.lesson import Lesson
from objcentric.play.lesson_scenes import lesson_scenes
from objcentric.play.page_html import page_html
from objcentric.play.pictures import picture
from objcentric.play.widgets import board
from objcentric.report.colors import slot_color

SIDE = 20
"""Side of the glimpse at first, in pixels."""

HEAD = """\
# What an attention window reads and writes

Attend-Infer-Repeat looks at a scene through a window, a **spatial transformer**. Three numbers
`where = (s, x, y)` say where: the point **u** of the scene lies at **s·u + (x, y)** in the window's
own pixels, the glimpse. *Reading* follows the map from the glimpse to the scene. *Writing* follows
it back, and puts what was drawn into its place. **Drag the window**, or a corner of it.
"""

TAIL = """\
Dots are the points at which the scene is read, one per pixel of the glimpse; between pixels, the
four nearest ones are averaged. In the model a network chooses `where`, an *encoder* turns the
glimpse into a code, and a *decoder* draws a patch from the code. The patch is written where the
glimpse was read; then the model looks for the next object. All of it is differentiable, so `where`
is learnt from pixels alone.
"""


def lesson_page() -> gr.Blocks:
    """Builds the page."""
    scenes = lesson_scenes()
    first = next(iter(scenes))
    start = Lesson.of(scenes[first], SIDE).at((8.0, 8.0, 32.0, 32.0))
    with gr.Blocks(title="objcentric play", analytics_enabled=False) as page:
        gr.Markdown(HEAD, elem_classes="play-head")
        lesson = gr.State(start)
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                shown = board(_board(start), "lesson-board")
                scene = gr.Radio(list(scenes), value=first, label="Scene")
            with gr.Column(min_width=280):
                pictures, words = gr.HTML(_pictures(start)), gr.HTML(_words(start))
        with gr.Row():
            where = [
                gr.Slider(low, high, value, step=0.01, label=label)
                for value, (low, high, label) in zip(start.where.tolist(), _RANGES, strict=True)
            ]
            side = gr.Slider(4, 32, SIDE, step=1, label="side of the glimpse, pixels")
        gr.Markdown(TAIL, elem_classes="play-head")
        outputs = [lesson, shown, pictures, words, *where]
        quick: dict[str, Any] = {
            "outputs": outputs,
            "show_progress": "hidden",
            "queue": False,
            "api_visibility": "private",
        }
        shown.input(_drag, lesson, **quick)
        scene.input(lambda name, old: _at(scenes[name], old.side, old), [scene, lesson], **quick)
        side.input(_sized, [side, lesson], trigger_mode="always_last", **quick)
        for slider in where:
            slider.input(_slid, [lesson, *where], trigger_mode="always_last", **quick)
    return page


_RANGES = (
    (0.7, 15.0, "s: how often the window fits into the scene"),
    (-15.0, 15.0, "x: moves the window to the left"),
    (-15.0, 15.0, "y: moves the window up"),
)


def _drag(lesson: Lesson, event: gr.EventData) -> list[Any]:
    dragged = Dragged.of(event._data)
    return _shown(lesson.at(dragged.box), dragged.number)


def _at(pixels: torch.Tensor, side: int, old: Lesson) -> list[Any]:
    return _shown(Lesson.of(pixels, side, old.where))


def _sized(side: float, old: Lesson) -> list[Any]:
    return _at((old.image * 255).round().to(torch.uint8), int(side), old)


def _slid(old: Lesson, *where: float) -> list[Any]:
    return _shown(Lesson(old.glimpser, old.image, torch.tensor(where)))


def _shown(lesson: Lesson, answer: int = -1) -> list[Any]:
    where = [round(value, 3) for value in lesson.where.tolist()]
    return [lesson, _board(lesson, answer), _pictures(lesson), _words(lesson), *where]


def _board(lesson: Lesson, answer: int = -1) -> dict[str, Any]:
    _, height, width = lesson.image.shape
    window = BoardWindow(0, lesson.box, slot_color(0), "the spatial transformer")
    return board_value(
        picture(lesson.image),
        "A scene with objects",
        (height, width),
        [window],
        chosen=0,
        free=False,
        grid=lesson.side,
        answer=answer,
    )


def _pictures(lesson: Lesson) -> str:
    return page_html(
        "lesson",
        side=lesson.side,
        glimpse=picture(lesson.glimpse()),
        written=picture(lesson.written()),
    )


def _words(lesson: Lesson) -> str:
    return page_html("lesson_words", where=lesson.where.tolist(), said=lesson.said())
