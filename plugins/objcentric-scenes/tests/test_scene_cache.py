import os
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.torch
import torch

from objcentric.interfaces import Scenes
from objcentric_scenes.digest import sealed
from objcentric_scenes.scene_cache import cached_scenes

PROTOCOL = "squares version 1"


class Maker:
    """Makes the same scenes each time, and counts how often it had to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Scenes:
        self.calls += 1
        return sealed(
            PROTOCOL,
            {
                "images": torch.arange(200, dtype=torch.uint8).reshape(2, 1, 10, 10),
                "counts": torch.tensor([1, 0]),
                "boxes": torch.zeros(2, 1, 4),
                "labels": torch.tensor([[3], [-1]]),
                "segmentation": torch.zeros(2, 10, 10, dtype=torch.uint8),
            },
        )


@pytest.fixture
def make() -> Maker:
    return Maker()


def test_scenes_are_made_once_and_read_back_the_same(make, cache):
    made, read = (cached_scenes("a", PROTOCOL, make) for _ in range(2))
    assert make.calls == 1
    assert made.sha256 == read.sha256
    for name in ("images", "counts", "boxes", "labels", "segmentation"):
        assert torch.equal(getattr(made, name), getattr(read, name)), name
        assert getattr(made, name).dtype == getattr(read, name).dtype, name


def test_other_names_are_other_scenes(make):
    cached_scenes("a", PROTOCOL, make)
    cached_scenes("b", PROTOCOL, make)
    assert make.calls == 2


def flip_a_bit_of_the_pixels(content: bytes) -> bytes:
    at = content.index(bytes(range(100)))  # where the images are
    return content[: at + 50] + bytes([content[at + 50] ^ 1]) + content[at + 51 :]


def drop_the_digest(content: bytes) -> bytes:
    return safetensors.torch.save(safetensors.torch.load(content))


def drop_the_labels(content: bytes) -> bytes:
    tensors = safetensors.torch.load(content)
    del tensors["labels"]
    return safetensors.torch.save(tensors)


DAMAGES = {
    "a flipped bit": flip_a_bit_of_the_pixels,
    "a truncated file": lambda content: content[:-7],
    "an empty file": lambda content: b"",
    "something else": lambda content: b"not a safetensors file at all",
    "no digest": drop_the_digest,
    "no labels": drop_the_labels,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_damaged_is_made_anew(make, cache, damage):
    cached_scenes("a", PROTOCOL, make)
    file = cache / "scenes" / "a.safetensors"
    intact = file.read_bytes()
    file.write_bytes(damage(intact))
    assert file.read_bytes() != intact
    assert cached_scenes("a", PROTOCOL, make).sha256 == make().sha256
    assert file.read_bytes() == intact


def test_a_file_of_another_protocol_is_not_trusted(make):
    cached_scenes("a", PROTOCOL, make)
    cached_scenes("a", "squares version 2", make)
    assert make.calls == 2


def test_a_folder_that_cannot_be_written_is_no_error(make, cache):
    cache.write_text("a file, where a folder should be")
    for _ in range(2):
        assert cached_scenes("a", PROTOCOL, make).sha256 == make().sha256


def test_a_failed_write_leaves_nothing_behind(make, cache, monkeypatch):
    def full(source: Path, target: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert cached_scenes("a", PROTOCOL, make).sha256 == make().sha256
    assert list((cache / "scenes").iterdir()) == []


def test_a_writer_that_finishes_first_is_no_obstacle(make, cache):
    other = Maker()

    def make_while_another_does() -> Scenes:
        cached_scenes("a", PROTOCOL, other)
        return make()

    cached_scenes("a", PROTOCOL, make_while_another_does)
    assert [file.name for file in (cache / "scenes").iterdir()] == ["a.safetensors"]
    cached_scenes("a", PROTOCOL, make)
    assert (other.calls, make.calls) == (1, 1)


GENERATE = """
from objcentric_scenes.bundled import Bundled
from objcentric_scenes.multi_mnist import MultiMnist
print(MultiMnist(digits=Bundled(), train=300).scenes("train").sha256)
"""


def test_two_processes_share_a_cache(cache):
    command = [sys.executable, "-c", GENERATE]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    digests = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert digests[0] == digests[1]
    (file,) = (cache / "scenes").iterdir()
    assert file.suffix == ".safetensors"
