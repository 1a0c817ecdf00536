"""What all tests share, the plugins' own included: shapes are checked, chance is seeded, nothing
touches the folders or the accounts of the person who runs them."""

import os
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import jaxtyping
import pytest

# Before anything of these packages is imported: every annotation, shapes included, is checked on
# every call (by tests/reference/type_check.py).
with Path(__file__).with_name("pyproject.toml").open("rb") as project:
    plugins = tomllib.load(project)["project"]["entry-points"]["objcentric"].values()
jaxtyping.install_import_hook(["objcentric", *plugins], "type_check.check")

# Fixtures of tiny training runs, which plugins' tests use, too; and a browser.
pytest_plugins = ["tiny_runs", "browsing"]

# No example may fail for being slow, and every run tries the same ones.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches and trackers write to a folder of the test session."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "OBJCENTRIC_CACHE",
            "MPLCONFIGDIR",
            "WANDB_DIR",
            "WANDB_CACHE_DIR",
            "WANDB_CONFIG_DIR",
            "WANDB_DATA_DIR",
        ):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        patch.setenv("MPLBACKEND", "Agg")
        patch.setenv("WANDB_MODE", "disabled")
        patch.delenv("WANDB_API_KEY", raising=False)
        yield


@pytest.fixture(autouse=True)
def _seeded() -> None:
    """Every test starts from the same state of chance, in whatever order tests run."""
    import numpy as np
    import torch

    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command prints does not depend on how slow the machine is: no wait is a long one."""
    monkeypatch.setattr("objcentric.waiting.AFTER", 1e6)


@pytest.fixture(scope="session")
def mnist_root() -> Path:
    """Folder that holds MNIST as torchvision reads it; a test that asks for it skips without."""
    root = os.environ.get("OBJCENTRIC_DATA")
    if not root:
        pytest.skip("needs MNIST: set OBJCENTRIC_DATA to a folder that holds it")
    if not (Path(root) / "MNIST").is_dir():
        pytest.skip(f"needs MNIST: OBJCENTRIC_DATA={root} holds no folder MNIST")
    return Path(root)
