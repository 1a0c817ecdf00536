"""What a model sees step by step, with a slider for the step (`StepPanel`)."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from objcentric.play.page_html import page_html
from objcentric.play.pictures import picture
from objcentric.play.played import Played
from objcentric.play.step_views import Box, StepView, step_views


class StepPanel:
    """A slider, a button for the next step, and pictures; built into the surrounding page."""

    def __init__(self) -> None:
        self.played: gr.State = gr.State(None)
        self.steps: gr.State = gr.State(())
        with gr.Row(equal_height=True):
            self.slider = gr.Slider(
                0, 1, 0, step=1, label="Step", elem_id="step", interactive=True, scale=4
            )
            self.forward = gr.Button("Next step", elem_id="next-step", scale=1, min_width=120)
        self.pictures = gr.HTML(elem_id="steps")
        quick: dict[str, Any] = {
            "outputs": [self.pictures],
            "show_progress": "hidden",
            "queue": False,
            "api_visibility": "private",
        }
        self.slider.change(steps_html, [self.played, self.steps, self.slider], **quick)
        quick["outputs"] = [self.slider]
        self.forward.click(_following, [self.steps, self.slider], **quick)

    @property
    def outputs(self) -> list[Any]:
        """The components that `shown` sets."""
        return [self.played, self.steps, self.slider, self.pictures]

    def shown(self, played: Played) -> dict[Any, Any]:
        """What the components show of a scene, after the last object was found."""
        steps = step_views(played)
        last = max((number for number, each in enumerate(steps, 1) if each.present), default=0)
        return {
            self.played: played,
            self.steps: steps,
            self.slider: gr.update(maximum=max(len(steps), 1), value=last),
            self.pictures: steps_html(played, steps, last),
        }


def _following(steps: Sequence[StepView], step: float) -> int:
    """The step after this one; after the last one, the beginning."""
    return (int(step) + 1) % (len(steps) + 1)


def steps_html(played: Played | None, steps: Sequence[StepView], step: float) -> str:
    """The pictures of a step.

    Args:
        played: the scene; None before there is one.
        steps: all steps.
        step: number of the step, from 1; 0 for the time before the first one.
    """
    if played is None:
        return ""
    until = steps[: int(step)]
    height, width = played.image.shape[-2:]
    nothing = played.drawn_with(0 * played.found.presence)
    return page_html(
        "steps",
        now=until[-1] if until else None,
        steps=steps,
        scene=picture(played.image[0]),
        so_far=until[-1].so_far if until else picture(nothing[0]),
        height=height,
        width=width,
        has_windows=played.found.boxes is not None,
        windows=_windows(until),
    )


def _windows(until: Sequence[StepView]) -> list[tuple[Box, str, str]]:
    """The windows of all objects so far, and that of the present step even without an object."""
    last = len(until) - 1
    return [
        (
            step.box,
            step.color,
            ("" if number == last else "past ") + ("" if step.present else "absent"),
        )
        for number, step in enumerate(until)
        if step.box is not None and (step.present or number == last)
    ]
