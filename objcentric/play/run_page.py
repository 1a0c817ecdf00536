"""The page with a run: a scene is drawn, looked at step by step, and changed (`run_page`)."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
import torch

from objcentric.errors import ObjcentricError
from objcentric.images import BadImage
from objcentric.inference.infer_images import model_canvas
from objcentric.inference.trained_run import TrainedRun
from objcentric.play.change_panel import ChangePanel
from objcentric.play.count import count_in_words
from objcentric.play.own_scenes import OwnScenes
from objcentric.play.page_html import page_html
from objcentric.play.patience import patiently
from objcentric.play.pictures import picture
from objcentric.play.played import Played
from objcentric.play.received import Received
from objcentric.play.step_panel import StepPanel
from objcentric.play.widgets import pad, pad_value


def run_page(run: TrainedRun) -> gr.Blocks:
    """Builds the page.

    Args:
        run: a run with its model.
    """
    with gr.Blocks(title=f"objcentric play: {run.recipe.name}", analytics_enabled=False) as page:
        _RunPage(run)
    return page


class _RunPage:
    """Draws on a pad, and shows what the model finds."""

    def __init__(self, run: TrainedRun) -> None:
        self.run = run
        self.canvas = model_canvas(run)
        self.scenes = OwnScenes.of(run.run, run.model.image_shape)
        blank = Played.of(run.model, torch.zeros(run.model.image_shape, dtype=torch.uint8))
        gr.Markdown(self._head(), elem_classes="play-head")
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                self.pad = pad(*self.canvas.size, colored=self.canvas.channels == 3)
                self.more = gr.Button(
                    "Next validation scene", elem_id="next-scene", visible=self.scenes is not None
                )
            with gr.Column(min_width=280, scale=2):
                self.result = gr.HTML(_result("", "Draw or drop a scene."), elem_id="result")
                with gr.Column(visible=False) as self.looked_at:
                    gr.Markdown("## Attend, infer, repeat" if blank.glimpser else "## Slot by slot")
                    self.steps = StepPanel()
        self.changes: ChangePanel | None = None
        with gr.Column(visible=False) as self.changeable:
            if blank.can_redraw:
                gr.Markdown("## Change what was found, and the canvas is drawn again")
                self.changes = ChangePanel(blank)
        self._listen()

    def _head(self) -> str:
        height, width = self.canvas.size
        kind = "grey" if self.canvas.channels == 1 else "colour"
        more = ", or take one of the run's own scenes" if self.scenes is not None else ""
        return (
            f"# {self.run.recipe.name}, seed {self.run.recipe.seed}\n\n"
            f"Draw a scene on black or drop an image{more}. The model takes {height}×{width} "
            f"{kind} pixels; an image of another size is resized."
        )

    def _listen(self) -> None:
        changes = [] if self.changes is None else self.changes.outputs
        outputs = [
            self.pad,
            self.result,
            self.looked_at,
            self.changeable,
            *self.steps.outputs,
            *changes,
        ]
        options: dict[str, Any] = {"outputs": outputs, "show_progress": "hidden"}
        self.pad.input(self._received, None, api_visibility="private", **options)
        self.more.click(self._next, None, api_visibility="private", **options)

    def _received(self, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        sent = event._data

        def find() -> dict[Any, Any]:
            name = sent["name"] or "The drawing"
            try:
                received = Received.of(sent["content"], sent["kind"], name, self.canvas)
            except BadImage as error:
                return {self.result: _result(f"{name} cannot be read: {error}.", "")}
            fresh = sent["kind"] == "file"
            return self._shown(received.pixels, received.notice, "", onto_pad=fresh)

        yield from patiently(find, lambda: self._says("Looking for objects …"))

    def _next(self) -> Iterator[dict[Any, Any]]:
        def find() -> dict[Any, Any]:
            assert self.scenes is not None
            try:
                scene = self.scenes.next()
            except ObjcentricError as error:
                return {self.result: _result(str(error), "")}
            truth = "" if scene.count is None else f"In truth there are {scene.count}."
            if scene.count == 1:
                truth = "In truth there is 1."
            return self._shown(scene.pixels, "", truth, onto_pad=True)

        yield from patiently(find, lambda: self._says("Making the run's scenes …"))

    def _says(self, what: str) -> dict[Any, Any]:
        return {self.result: _result(what, "")}

    def _shown(
        self, pixels: torch.Tensor, notice: str, truth: str, *, onto_pad: bool
    ) -> dict[Any, Any]:
        """Everything that the page shows of a scene."""
        played = Played.of(self.run.model, pixels)
        height, width = self.canvas.size
        shown = {
            self.result: _result(notice, count_in_words(played), truth),
            self.looked_at: gr.update(visible=True),
            self.changeable: gr.update(visible=self.changes is not None),
            **self.steps.shown(played),
        }
        if onto_pad:
            image = picture(played.image[0])
            colored = self.canvas.channels == 3
            shown[self.pad] = pad_value(image, height, width, colored=colored)
        return shown | ({} if self.changes is None else self.changes.shown(played))


def _result(notice: str, count: str, truth: str = "") -> str:
    return page_html("result", notice=notice, count=count, truth=truth)
