import gzip
import hashlib
import os
import struct
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import torch
from torchvision.datasets import MNIST

from objcentric.errors import DataUnavailable
from objcentric.interfaces import Split
from objcentric_scenes.mnist import Mnist

needs_mnist = pytest.mark.skipif(
    not os.environ.get("OBJCENTRIC_DATA"), reason="OBJCENTRIC_DATA names no folder with MNIST"
)

FILES = {
    "train-images-idx3-ubyte": struct.pack(">4i", 0x803, 3, 28, 28) + bytes(3 * 28 * 28),
    "train-labels-idx1-ubyte": struct.pack(">2i", 0x801, 3) + bytes([4, 2, 9]),
    "t10k-images-idx3-ubyte": struct.pack(">4i", 0x803, 1, 28, 28) + b"\xff" * 28 * 28,
    "t10k-labels-idx1-ubyte": struct.pack(">2i", 0x801, 1) + bytes([7]),
}


@needs_mnist
@pytest.mark.parametrize(("split", "n"), [("train", 60_000), ("test", 10_000)])
def test_mnist_has_its_usual_form(split: Split, n: int):
    sprites = Mnist().sprites(split)
    assert sprites.images.shape == (n, 1, 28, 28)
    assert sprites.images.dtype == torch.uint8
    assert sprites.labels.dtype == torch.int64
    assert set(sprites.labels.tolist()) == set(range(10))


@needs_mnist
def test_train_and_test_share_no_digit():
    train, test = (Mnist().sprites(split).images.flatten(1).numpy() for split in ("train", "test"))
    assert not set(map(bytes, train)) & set(map(bytes, test))


@pytest.fixture
def without_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OBJCENTRIC_DATA", raising=False)


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a very small MNIST, on a server from which torchvision downloads it."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    packed = {f"{name}.gz": gzip.compress(content) for name, content in FILES.items()}
    for name, content in packed.items():
        (folder / name).write_bytes(content)
    digests = [(name, hashlib.md5(content).hexdigest()) for name, content in packed.items()]
    monkeypatch.setattr(MNIST, "resources", digests)
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield folder
        server.shutdown()
        serving.join()


def lay_out(root: Path) -> Path:
    """Writes a very small MNIST as torchvision keeps it."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in FILES.items():
        (raw / name).write_bytes(content)
    return raw


def test_offline_and_without_data_it_says_what_would_work(without_data, cache):
    with pytest.raises(DataUnavailable) as raised:
        Mnist().sprites("train")
    message = str(raised.value)
    assert str(cache) in message
    assert "OBJCENTRIC_DATA" in message
    assert "unset OBJCENTRIC_OFFLINE" in message
    assert "scenes.digits=bundled" in message


def test_a_data_folder_without_mnist_is_named_and_not_written_to(tmp_path, monkeypatch, mirror):
    root = tmp_path / "data"
    root.mkdir()
    monkeypatch.setenv("OBJCENTRIC_DATA", str(root))
    monkeypatch.delenv("OBJCENTRIC_OFFLINE")
    with pytest.raises(DataUnavailable, match="there is no MNIST/raw") as raised:
        Mnist().sprites("train")
    assert str(root) in str(raised.value)
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("length", [0, 3, 12, 500])
def test_a_truncated_file_is_reported(tmp_path, monkeypatch, length):
    raw = lay_out(tmp_path / "data")
    images = raw / "t10k-images-idx3-ubyte"
    images.write_bytes(images.read_bytes()[:length])
    monkeypatch.setenv("OBJCENTRIC_DATA", str(tmp_path / "data"))
    with pytest.raises(DataUnavailable, match="not complete"):
        Mnist().sprites("test")


def test_data_that_is_here_is_read(tmp_path, monkeypatch):
    lay_out(tmp_path / "data")
    monkeypatch.setenv("OBJCENTRIC_DATA", str(tmp_path / "data"))
    train, test = Mnist().sprites("train"), Mnist().sprites("test")
    assert train.labels.tolist() == [4, 2, 9]
    assert test.labels.tolist() == [7]
    assert (train.images.max().item(), test.images.min().item()) == (0, 255)


def test_it_is_downloaded_once_into_the_cache(without_data, mirror, cache, monkeypatch):
    monkeypatch.delenv("OBJCENTRIC_OFFLINE")
    assert Mnist().sprites("train").labels.tolist() == [4, 2, 9]
    assert [entry.name for entry in cache.iterdir()] == ["MNIST"]
    monkeypatch.setattr(MNIST, "mirrors", [])
    assert Mnist().sprites("test").labels.tolist() == [7]


def test_another_download_that_finishes_first_is_kept(without_data, mirror, cache, monkeypatch):
    monkeypatch.delenv("OBJCENTRIC_OFFLINE")
    download = MNIST.download

    def download_while_another_finishes(self: MNIST) -> None:
        download(self)
        lay_out(cache)

    monkeypatch.setattr(MNIST, "download", download_while_another_finishes)
    assert Mnist().sprites("train").labels.tolist() == [4, 2, 9]
    assert [entry.name for entry in cache.iterdir()] == ["MNIST"]


def test_a_failed_download_leaves_nothing_and_says_what_would_work(
    without_data, mirror, cache, monkeypatch
):
    monkeypatch.delenv("OBJCENTRIC_OFFLINE")
    (mirror / "t10k-labels-idx1-ubyte.gz").write_bytes(b"something else")
    with pytest.raises(DataUnavailable, match="the download failed") as raised:
        Mnist().sprites("train")
    assert "scenes.digits=bundled" in str(raised.value)
    assert list(cache.iterdir()) == []
