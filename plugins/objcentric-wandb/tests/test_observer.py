"""wandb, without a network."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from objcentric.errors import ObjcentricError
from objcentric_wandb.reach import chosen_mode, has_credentials


class Settings(SimpleNamespace):
    """The part of wandb's settings that is asked for."""

    model_fields = {"base_url": SimpleNamespace(default="https://api.default.example")}  # noqa: RUF012

    def __init__(self, **values):
        default = {"api_key": None, "identity_token_file": None}
        super().__init__(**{**default, "base_url": "https://api.default.example", **values})


@pytest.fixture
def netrc(tmp_path, monkeypatch):
    """`netrc("host")` files credentials for a host; before that there are none."""
    file = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(file))
    monkeypatch.delenv("WANDB_MODE", raising=False)

    def write(host):
        file.write_text(f"machine {host}\n  login user\n  password {'x' * 40}\n")
        file.chmod(0o600)

    return write


def test_auto_is_offline_without_credentials(netrc):
    assert chosen_mode("auto", Settings()) == "offline"


def test_auto_is_online_with_a_key_in_the_settings(netrc):
    assert chosen_mode("auto", Settings(api_key="x" * 40)) == "online"


@pytest.mark.parametrize("host", ["api.default.example", "api.wandb.ai"])
def test_auto_is_online_with_a_key_for_the_default_server_in_netrc(netrc, host):
    netrc(host)
    assert chosen_mode("auto", Settings()) == "online"


def test_a_key_for_another_server_does_not_count(netrc):
    netrc("api.wandb.ai")
    assert not has_credentials(Settings(base_url="https://wandb.own.example"))
    netrc("wandb.own.example")
    assert has_credentials(Settings(base_url="https://wandb.own.example"))


def test_auto_follows_the_environment(netrc, monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "disabled")
    assert chosen_mode("auto", Settings(api_key="x" * 40)) == "disabled"


def test_online_without_credentials_is_refused_rather_than_asked_for(netrc):
    with pytest.raises(ObjcentricError, match="wandb login"):
        chosen_mode("online", Settings())
    assert chosen_mode("offline", Settings()) == "offline"


def test_a_run_without_tracking_never_imports_wandb(tiny_plugin, tiny_recipe_file, tmp_path):
    code = (
        "import sys\n"
        "from objcentric.cli.main import build_app\n"
        "build_app()(sys.argv[1:], standalone_mode=False)\n"
        "assert 'wandb' not in sys.modules, 'wandb was imported'\n"
    )
    command = ["train", tiny_recipe_file, "training.epochs=1", "--out", tmp_path / "run"]
    words = [*command, "--plugin", tiny_plugin]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code, *words], check=True, env=environment)
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["status"] == "finished"
