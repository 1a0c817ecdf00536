"""Where a slot's window and its code are changed (`ChangePanel`)."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from objcentric.play.board_value import Dragged
from objcentric.play.changed_board import changed_board
from objcentric.play.page_html import page_html
from objcentric.play.pictures import picture
from objcentric.play.played import Played
from objcentric.play.slot_sliders import SlotSlider, code_sliders, place_sliders
from objcentric.play.step_views import MOST_SLOTS, slot_name
from objcentric.play.widgets import board

OPEN = 6
"""Sliders of a code that are seen at once; the others are in a fold."""


class ChangePanel:
    """A board, a choice of the slot, and sliders; built into the surrounding page.

    Args:
        blank: any scene in play, from which numbers and names of the sliders follow.
    """

    def __init__(self, blank: Played) -> None:
        self.state: gr.State = gr.State(None)
        drags = blank.glimpser is not None
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                self.board = board(changed_board(blank, 0), "slot-board")
                self.before = gr.HTML(elem_id="before")
            with gr.Column(min_width=280):
                if drags:
                    gr.Markdown("Drag a window or one of its corners, or move the sliders.")
                self.slot = gr.Radio(
                    _choices(blank), value=0, label="Slot", elem_id="slot", interactive=True
                )
                with gr.Row():
                    self.present = gr.Checkbox(True, label="There is an object", min_width=120)
                    self.reset = gr.Button("As it was found", size="sm", min_width=120)
                self.places = _sliders("Window (where)", place_sliders(blank, 0))
                self.codes = _sliders("Code (slots)", code_sliders(blank, 0))
        self._listen()

    @property
    def outputs(self) -> list[Any]:
        """The components that `shown` sets."""
        controls = [self.slot, self.present, *self.places, *self.codes]
        return [self.state, self.board, self.before, *controls]

    def shown(self, played: Played) -> dict[Any, Any]:
        """What the components show of a scene: its first object is chosen."""
        slot = next(iter(played.present), 0)
        before = page_html(
            "changed", scene=picture(played.image[0]), canvas=picture(played.found.canvas[0])
        )
        return {
            self.before: before,
            self.slot: gr.update(choices=_choices(played), value=slot),
            **self._changed(played, slot),
        }

    def _changed(self, played: Played, slot: int, answer: int = -1) -> dict[Any, Any]:
        sliders = (*place_sliders(played, slot), *code_sliders(played, slot))
        components = (*self.places, *self.codes)
        return {
            self.state: played,
            self.board: changed_board(played, slot, answer),
            self.present: bool(played.changed.presence[0, slot] > 0.5),
            **{
                component: gr.update(value=each.value, minimum=each.low, maximum=each.high)
                for component, each in zip(components, sliders, strict=True)
            },
        }

    def _listen(self) -> None:
        quick: dict[str, Any] = {
            "outputs": self.outputs,
            "show_progress": "hidden",
            "queue": False,
            "api_visibility": "private",
        }
        chosen = [self.state, self.slot]
        self.board.input(self._drag, self.state, **quick)
        self.slot.input(self._choose, chosen, **quick)
        self.reset.click(self._as_found, chosen, **quick)
        quick = quick | {"outputs": [self.state, self.board], "trigger_mode": "always_last"}
        self.present.input(self._presence, [*chosen, self.present], **quick)
        for number, slider in enumerate(self.places):
            slider.input(self._slid("with_place", number), [*chosen, slider], **quick)
        for number, slider in enumerate(self.codes):
            slider.input(self._slid("with_code", number), [*chosen, slider], **quick)

    def _drag(self, played: Played | None, event: gr.EventData) -> dict[Any, Any]:
        dragged = Dragged.of(event._data)
        if played is None:
            return {}
        changed = played.with_box(dragged.slot, dragged.box)
        return {self.slot: dragged.slot, **self._changed(changed, dragged.slot, dragged.number)}

    def _choose(self, played: Played | None, slot: int) -> dict[Any, Any]:
        return {} if played is None else self._changed(played, slot)

    def _as_found(self, played: Played | None, slot: int) -> dict[Any, Any]:
        return {} if played is None else self._changed(played.as_found(), slot)

    def _presence(self, played: Played | None, slot: int, present: bool) -> dict[Any, Any]:
        return {} if played is None else self._drawn(played.with_presence(slot, present), slot)

    def _slid(self, change: str, coordinate: int) -> Any:
        def slid(played: Played | None, slot: int, value: float) -> dict[Any, Any]:
            if played is None:
                return {}
            return self._drawn(getattr(played, change)(slot, coordinate, value), slot)

        return slid

    def _drawn(self, played: Played, slot: int) -> dict[Any, Any]:
        return {self.state: played, self.board: changed_board(played, slot)}


def _choices(played: Played) -> list[tuple[str, int]]:
    """The slots by name; of many, those with an object alone."""
    shown = range(played.slots) if played.slots <= MOST_SLOTS else played.present or (0,)
    return [(slot_name(played.found, slot), slot) for slot in shown]


def _sliders(title: str, sliders: Sequence[SlotSlider]) -> list[gr.Slider]:
    """Sliders under a title, in two columns."""
    if not sliders:
        return []
    gr.Markdown(f"**{title}**")
    made = [*_rows(sliders[:OPEN])]
    if len(sliders) > OPEN:
        with gr.Accordion(f"{len(sliders) - OPEN} more", open=False):
            made += _rows(sliders[OPEN:])
    return made


def _rows(sliders: Sequence[SlotSlider]) -> list[gr.Slider]:
    with gr.Row():
        return [
            gr.Slider(
                each.low,
                each.high,
                each.value,
                step=0.01,
                label=each.name,
                interactive=True,
                min_width=150,
                elem_id=each.name.replace(" ", "-"),
            )
            for each in sliders
        ]
