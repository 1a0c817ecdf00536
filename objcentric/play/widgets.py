"""Gradio components with a script of their own: a board of windows, and a pad to draw on."""

from typing import Any

import gradio as gr

from objcentric.play.page_html import asset


def board(value: dict[str, Any], name: str) -> gr.HTML:
    """A picture with windows that can be dragged; see `board_value`. A drag is the event `input`.

    Args:
        value: what it shows.
        name: its id in the page.
    """
    return gr.HTML(
        value,
        html_template=asset("board.html"),
        js_on_load=asset("board.js"),
        apply_default_css=False,
        elem_id=name,
    )


def pad(height: int, width: int, *, colored: bool) -> gr.HTML:
    """A canvas of a model's size to draw on and to drop images on. A change is the event `input`.

    Args:
        height: height of the canvas, in pixels.
        width: width of the canvas, in pixels.
        colored: whether the pen has a colour.
    """
    return gr.HTML(
        pad_value("", height, width, colored=colored),
        html_template=asset("pad.html"),
        js_on_load=asset("pad.js"),
        apply_default_css=False,
        elem_id="pad",
    )


def pad_value(image: str, height: int, width: int, *, colored: bool) -> dict[str, Any]:
    """What a pad shows: an image as a URI, empty for what is drawn on it already."""
    return {"image": image, "height": height, "width": width, "colored": colored}
