"""`objcentric play` in a headless Chromium: drawn on, dragged, and fetching nothing elsewhere."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

pytest.importorskip("gradio", reason="gradio is not installed: pip install 'objcentric[play]'")

PATIENCE = 240
"""Seconds after which a busy machine is taken for a broken page."""


@pytest.fixture
def start(tmp_path):
    """`start(*arguments)` starts the command on a free port of the loopback; it returns the URL."""
    started = []

    def begin(*arguments):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-P", "-m", "objcentric", "play", "--no-browser"]
        process = subprocess.Popen(
            [*command, "--port", str(port), *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        url = f"http://127.0.0.1:{port}/"
        assert f"Playing at {url}" in process.stdout.readline()
        return url

    yield begin
    for process in started:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@pytest.fixture
def visit(browser):
    """`visit(url)` opens a page; at the end it must have had no error and asked nobody else."""
    pages, errors, asked = [], [], set()

    def open_page(url):
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        pages.append(page)
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.add(urlsplit(request.url)[:2]))
        page.goto(url)
        asked.discard(urlsplit(url)[:2])
        return page

    yield open_page
    here = {urlsplit(page.url)[:2] for page in pages}
    for page in pages:
        page.context.close()
    assert errors == []
    assert {
        (scheme, host) for scheme, host in asked - here if scheme not in ("data", "blob")
    } == set()


MIDDLE = """selector => {
  const shown = document.querySelector(selector);
  shown.scrollIntoView({ block: "center" });
  const { x, y, width, height } = shown.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""


def drag(page, window, right, down):
    page.locator(window).first.wait_for()
    # In one go: a board is drawn anew with every answer, and what was there is gone.
    x, y = page.evaluate(MIDDLE, window)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()


def changes(page, selector, name, action):
    """Waits until a property of something that is shown has changed by an action."""
    before = page.locator(selector).first.evaluate("(shown, name) => shown[name]", name)
    action()
    page.wait_for_function(
        "([selector, name, before]) => document.querySelector(selector)[name] !== before",
        arg=[selector, name, before],
    )


def test_a_window_of_the_lesson_is_dragged_and_reads_something_else(start, visit):
    url = start()
    page = visit(url)
    page.locator("#lesson-board .board-window").wait_for()
    glimpse = ".play-lesson img"
    changes(page, glimpse, "src", lambda: drag(page, "#lesson-board .edge", 120, 90))
    page.locator("#lesson-board .board-window").focus()
    # In words: where the window is now, there may be nothing to see.
    changes(page, ".play-count", "textContent", lambda: page.keyboard.press("-"))
    changes(page, glimpse, "src", lambda: page.get_by_label("shapes 1").click())
    with pytest.raises(urllib.error.HTTPError, match="400"):  # a stranger's name for this machine
        urllib.request.urlopen(urllib.request.Request(url, headers={"Host": "example.org"}))
    with pytest.raises(OSError):  # noqa: PT011 (systems differ in which one)
        socket.create_connection(("127.0.0.2", urlsplit(url).port), timeout=5)


def test_a_scene_is_drawn_looked_at_and_changed(start, visit, train_tiny, tiny_plugin):
    run = train_tiny("run", "training.epochs=1").run.path
    page = visit(start(run, "--plugin", tiny_plugin))
    drag(page, ".pad-canvas", 30, 30)
    page.locator("#steps .play-card").first.wait_for()
    page.locator("#result", has_text="found").wait_for()
    page.locator("#next-scene").click()
    page.get_by_text("In truth there").wait_for()
    page.locator("#step input[type=range]").press("Home")
    page.get_by_text("Before the first step").wait_for()
    page.locator("#next-step").click()
    page.locator("#steps .play-card.now").wait_for()
    page.get_by_label("There is an object").set_checked(True)
    canvas = "#slot-board img"
    changes(page, canvas, "src", lambda: page.locator("#code-1 input[type=range]").press("End"))
    changes(page, canvas, "src", lambda: page.locator("#x input[type=range]").press("Home"))
    page.get_by_role("button", name="As it was found").click()
    page.get_by_label("There is an object").set_checked(True)
    changes(page, canvas, "src", lambda: drag(page, "#slot-board .picked .edge", 60, 60))
