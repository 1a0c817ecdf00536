"""What a browser sends as pixels, and waits that say what they are for."""

import base64
import io
import threading

import numpy as np
import pytest
from PIL import Image

from objcentric import waiting
from objcentric.images import BadImage, Canvas
from objcentric.play.patience import patiently
from objcentric.play.received import Received


def sent(pixels, form="png"):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form)
    return f"data:image/{form};base64,{base64.b64encode(file.getvalue()).decode()}"


def test_a_drawing_is_taken_as_it_is_even_where_files_are_inverted():
    pixels = np.full((12, 12, 3), 255, np.uint8)
    canvas = Canvas(channels=1, size=(12, 12), invert=True)
    assert Received.of(sent(pixels), "sketch", "", canvas).pixels.min() == 255
    dropped = Received.of(sent(pixels), "file", "paper.png", canvas)
    assert dropped.pixels.max() == 0


def test_a_file_of_another_size_is_resized_and_both_sizes_are_said():
    received = Received.of(
        sent(np.zeros((30, 60), np.uint8), "jpeg"), "file", "a.jpg", Canvas(3, (20, 20))
    )
    assert received.pixels.shape == (3, 20, 20)
    assert "a.jpg, 30×60" in received.notice
    assert "20×20 colour" in received.notice
    exact = Received.of(sent(np.zeros((20, 20, 3), np.uint8)), "file", "a.png", Canvas(3, (20, 20)))
    assert exact.notice == ""


@pytest.mark.parametrize("content", ["", "nonsense", "data:image/png;base64,%%%", "data:,AAAA"])
def test_what_is_no_image_is_refused(content):
    with pytest.raises(BadImage):
        Received.of(content, "file", "it", Canvas(1, (12, 12)))


def test_a_long_wait_is_said_before_its_result_and_a_short_one_is_not(monkeypatch):
    assert list(patiently(lambda: "done", lambda: "wait")) == ["done"]
    monkeypatch.setattr(waiting, "AFTER", 0.01)
    said = threading.Event()
    steps = patiently(lambda: said.wait(60) and "done", lambda: "wait")
    assert next(steps) == "wait"
    said.set()
    assert list(steps) == ["done"]
