"""A server that cannot be reached, or goes away, hurts nobody."""

import json
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest

from objcentric_wandb import observer, reach, starting
from objcentric_wandb.reach import UNREACHABLE, answers
from objcentric_wandb.tracking import TrackingOptions

KEY = "x" * 40


class Sick(BaseHTTPRequestHandler):
    """Answers that it cannot."""

    def do_HEAD(self):
        self.send_error(503)

    def log_message(self, *_):
        pass


@pytest.fixture
def hanging():
    """The address of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed():
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("server", ["hanging", "closed"])
def test_a_server_that_says_nothing_does_not_answer(server, request):
    assert not answers(request.getfixturevalue(server), 0.2)


def test_a_server_that_says_that_it_is_sick_answers():
    with HTTPServer(("127.0.0.1", 0), Sick) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert answers(f"http://127.0.0.1:{server.server_port}", 30)


@pytest.mark.parametrize("server", ["hanging", "closed"])
def test_a_run_whose_server_is_unreachable_is_recorded_and_one_line_says_so(
    server, request, tiny_plugin, tiny_recipe_file, tmp_path
):
    url, out = request.getfixturevalue(server), tmp_path / "run"
    command = [sys.executable, "-m", "objcentric", "train", tiny_recipe_file, "--out", out]
    command += ["training.epochs=1", "tracking.wandb=online", "--plugin", tiny_plugin]
    environment = {**os.environ, "WANDB_BASE_URL": url, "WANDB_API_KEY": KEY}
    environment |= {"OMP_NUM_THREADS": "1", "WANDB_MODE": "online"}
    done = subprocess.run(
        [str(word) for word in command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in (done.stdout + done.stderr).splitlines() if url in line]
    (line,) = said
    assert line.startswith(f"wandb: {url} does not answer")
    assert f"wandb sync {out}/wandb/offline-run-*" in line
    assert list(out.glob("wandb/offline-run-*/*.wandb"))
    assert json.loads((out / "summary.json").read_text())["status"] == "finished"


@pytest.fixture
def pretended(monkeypatch):
    """wandb with credentials for a server that answers or not; the list of addresses asked."""
    asked = []
    monkeypatch.setenv("WANDB_MODE", "online")
    settings = SimpleNamespace(api_key=KEY, base_url="http://wandb.example")
    wandb = SimpleNamespace(setup=lambda: SimpleNamespace(settings=settings), Error=OSError)

    def use(answer):
        for module in (reach, starting):
            monkeypatch.setattr(module, "quieted", lambda: wandb)
            monkeypatch.setattr(module, "answers", lambda url: asked.append(url) or answer)
        return asked

    return use


def recipes(*options):
    return [SimpleNamespace(sections={"tracking": TrackingOptions(wandb=o)}) for o in options]


def test_a_comparison_asks_once_and_its_runs_do_not(pretended, monkeypatch, tmp_path, capsys):
    asked = pretended(False)
    told = observer.objcentric_comparison_started(tmp_path, recipes("auto", "online", "off"))
    assert told == {UNREACHABLE: "1"}
    assert asked == ["http://wandb.example"]
    assert capsys.readouterr().err.count("does not answer") == 1
    monkeypatch.setenv(UNREACHABLE, told[UNREACHABLE])
    monkeypatch.setattr(starting, "_begun", lambda wandb, run, tracking, mode: mode)
    assert starting.start(SimpleNamespace(path=tmp_path), TrackingOptions()) == "offline"
    assert len(asked) == 1
    assert capsys.readouterr().err == ""


def test_a_comparison_that_does_not_go_online_asks_nobody(pretended, tmp_path):
    asked = pretended(False)
    assert observer.objcentric_comparison_started(tmp_path, recipes("off", "offline")) == {}
    assert asked == []


def test_a_server_that_answers_but_takes_no_run_is_done_without(
    pretended, monkeypatch, tmp_path, capsys
):
    pretended(True)

    def begun(wandb, run, tracking, mode):
        if mode == "online":
            raise TimeoutError("too slow")
        return mode

    monkeypatch.setattr(starting, "_begun", begun)
    assert starting.start(SimpleNamespace(path=tmp_path), TrackingOptions()) == "offline"
    assert "did not take the run (too slow)" in capsys.readouterr().err


def test_a_report_that_fails_is_given_up(monkeypatch, tmp_path):
    class Broken:
        def log(self, *_, **__):
            raise ConnectionError("gone")

    run = SimpleNamespace(path=tmp_path)
    monkeypatch.setitem(observer._reports, tmp_path, Broken())
    with pytest.raises(ConnectionError):
        observer.objcentric_run_evaluated(run, 1, {}, {}, None)
    observer.objcentric_run_evaluated(run, 2, {}, {}, None)
    observer.objcentric_run_finished(run, {"status": "finished"})
