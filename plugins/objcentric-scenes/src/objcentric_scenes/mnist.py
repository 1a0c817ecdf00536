"""The handwritten digits of MNIST (`Mnist`)."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import torch
from einops import rearrange

from objcentric.errors import DataUnavailable
from objcentric.extras import needing
from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric_scenes.cache_folder import cache_folder


class Mnist(SpriteSource):
    """MNIST's 28×28 handwritten digits with their own training and test split (LeCun et al. 1998).

    Validation scenes show training digits. torchvision reads the files from the folder that the
    environment variable `OBJCENTRIC_DATA` names; nothing is ever written there. Without that
    variable, MNIST is kept in the cache folder, and is downloaded if it is not there yet, unless
    `OBJCENTRIC_OFFLINE` is set.
    """

    def sprites(self, split: Split) -> Sprites:
        with needing("torchvision", "torchvision", "MNIST"):
            from torchvision.datasets import MNIST  # slow to import

        root = _root()
        try:
            digits = MNIST(root, train=split != "test", download=False)
        except (OSError, RuntimeError, ValueError, AssertionError) as error:
            here = (root / "MNIST" / "raw").is_dir()
            reason = f"its files are not complete: {error!r}" if here else "there is no MNIST/raw"
            raise DataUnavailable(_advice(root, reason)) from error
        return Sprites(
            images=rearrange(digits.data, "n h w -> n 1 h w"),
            labels=digits.targets.to(torch.int64),
        )


def _root() -> Path:
    """The folder that holds `MNIST/raw`; what is missing is downloaded if that is allowed."""
    if data := os.environ.get("OBJCENTRIC_DATA"):
        return Path(data)
    root = cache_folder()
    if not (root / "MNIST").exists() and not os.environ.get("OBJCENTRIC_OFFLINE"):
        _download(root)
    return root


def _download(root: Path) -> None:
    """Downloads MNIST into `root`, whole or not at all, even if other processes do the same."""
    from torchvision.datasets import MNIST

    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".mnist-") as part:
            MNIST(part, download=True)
            with suppress(OSError):  # another process has put it there in the meantime
                os.replace(Path(part) / "MNIST", root / "MNIST")
    except (OSError, RuntimeError) as error:
        raise DataUnavailable(_advice(root, f"the download failed: {error}")) from error


def _advice(root: Path, reason: str) -> str:
    given = os.environ.get("OBJCENTRIC_DATA")
    origin = "the folder that OBJCENTRIC_DATA names" if given else "the cache folder"
    choices = [
        f"point OBJCENTRIC_DATA to {'the' if given else 'a'} folder that holds MNIST/raw "
        "(as torchvision.datasets.MNIST lays it out)",
        "use the digits that need no download: scenes.digits=bundled",
    ]
    if os.environ.get("OBJCENTRIC_OFFLINE") and not given:
        choices.insert(1, "unset OBJCENTRIC_OFFLINE, so that MNIST may be downloaded")
    listed = "".join(f"\n  - {choice}" for choice in choices)
    return f"MNIST cannot be read from {root}, {origin} ({reason}). What would work:{listed}"
