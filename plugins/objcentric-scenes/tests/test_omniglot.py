"""Omniglot's characters, from archives and folders."""

import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest
import torch
from PIL import Image

from objcentric.errors import DataUnavailable
from objcentric.interfaces import Split
from objcentric_scenes import omniglot, omniglot_alphabets
from objcentric_scenes.omniglot import Omniglot
from objcentric_scenes.omniglot_alphabets import ALPHABETS, SMALL, split_of

SPLITS = get_args(Split)
SMALL_1 = ("Balinese", "Early_Aramaic", "Greek", "Korean", "Latin")
SMALL_2 = ("Greek", "Japanese_(katakana)", "Latin", "Sanskrit", "Tagalog")


def has_omniglot() -> bool:
    root = os.environ.get("OBJCENTRIC_DATA")
    return bool(root) and (Path(root) / "omniglot").is_dir()


needs_omniglot = pytest.mark.skipif(
    not has_omniglot(), reason="OBJCENTRIC_DATA names no folder with Omniglot"
)


@needs_omniglot
def test_the_small_sets_have_242_characters_of_20_drawings():
    sprites = [Omniglot().sprites(split) for split in SPLITS]
    assert [len(each.images) for each in sprites] == [3220, 340, 1280]
    assert all(each.images.shape[1:] == (1, 105, 105) for each in sprites)
    labels = torch.cat([each.labels for each in sprites]).bincount()
    assert labels.tolist() == [20] * 242


@needs_omniglot
def test_strokes_are_white_on_black():
    images = Omniglot().sprites("validation").images
    assert images.unique().tolist() == [0, 255]
    assert (images > 0).float().mean() < 0.15


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alphabets of one character and characters of one drawing."""
    ones = dict.fromkeys(ALPHABETS, 1)
    for module in (omniglot, omniglot_alphabets):
        monkeypatch.setattr(module, "ALPHABETS", ones)
    monkeypatch.setattr(omniglot, "DRAWINGS", 1)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OBJCENTRIC_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def drawing(alphabet: str, side: int = 105) -> bytes:
    """A white page with one black pixel, at a place of each alphabet's own."""
    page = Image.new("1", (side, side), 1)
    page.putpixel((sorted(ALPHABETS).index(alphabet), 0), 0)
    content = io.BytesIO()
    page.save(content, "PNG")
    return content.getvalue()


def pack(path: Path, alphabets: Iterable[str], **odd: bytes) -> None:
    """Writes an archive of one drawing of each alphabet, and what a Mac adds to archives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{path.stem}/", b"")
        for alphabet in alphabets:
            name = f"{path.stem}/{alphabet}/character01/0001_01.png"
            archive.writestr(name, odd.get(alphabet, drawing(alphabet)))
            archive.writestr(f"__MACOSX/{name}", b"nothing")
            archive.writestr(name.replace("0001", "._0001"), b"nothing")


def pack_small(folder: Path, **odd: bytes) -> None:
    pack(folder / "images_background_small1.zip", SMALL_1, **odd)
    pack(folder / "images_background_small2.zip", SMALL_2, **odd)


def unpack(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(path.parent)
    path.unlink()


BACKGROUND = [name for name in sorted(ALPHABETS) if name in omniglot_alphabets._BACKGROUND]


@pytest.mark.parametrize("folder", ["omniglot", "omniglot-py"])
@pytest.mark.parametrize("form", ["small archives", "small folders", "archive", "folder"])
def test_the_small_sets_are_the_same_from_any_source(root, tiny, folder, form):
    if form.startswith("small"):
        pack_small(root / folder)
    else:
        pack(root / folder / "images_background.zip", BACKGROUND)
    if "folder" in form:
        for archive in list((root / folder).glob("*.zip")):
            unpack(archive)
    for split in SPLITS:
        sprites = Omniglot().sprites(split)
        expected = [n for n, alphabet in enumerate(SMALL) if split_of(alphabet) == split]
        assert sprites.labels.tolist() == expected
        column = sprites.images.flatten(1).nonzero()[:, 1]
        assert column.tolist() == [sorted(ALPHABETS).index(SMALL[n]) for n in expected]


def test_the_whole_collection_needs_both_sets(root, tiny):
    pack(root / "omniglot" / "images_background.zip", BACKGROUND)
    with pytest.raises(DataUnavailable, match="they are not there"):
        Omniglot(collection="all").sprites("train")
    evaluation = [name for name in ALPHABETS if name not in BACKGROUND]
    pack(root / "omniglot" / "images_evaluation.zip", evaluation)
    sizes = [len(Omniglot(collection="all").sprites(split).images) for split in SPLITS]
    assert sizes == [24, 4, 22]


def test_no_two_splits_share_an_alphabet_and_all_have_some_in_either_collection():
    for collection in (SMALL, ALPHABETS):
        assert {split_of(alphabet) for alphabet in collection} == set(SPLITS)
    assert sum(ALPHABETS.values()) == 1623  # as published
    assert len(ALPHABETS) == 50


def test_without_the_files_the_error_says_what_would_work(root):
    with pytest.raises(DataUnavailable) as raised:
        Omniglot().sprites("train")
    message = str(raised.value)
    assert f"{root}, the folder that OBJCENTRIC_DATA names: they are not there" in message
    assert "images_background_small1.zip" in message
    assert not root.exists()


def test_without_a_data_folder_the_cache_folder_is_named(monkeypatch, cache):
    monkeypatch.delenv("OBJCENTRIC_DATA", raising=False)
    with pytest.raises(DataUnavailable, match=f"{cache}, the cache folder"):
        Omniglot().sprites("train")


def test_a_missing_drawing_is_reported(root):
    pack_small(root / "omniglot")
    with pytest.raises(DataUnavailable, match="Balinese should have 24 characters of 20 drawings"):
        Omniglot().sprites("train")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no image", "Greek/character01/0001_01.png cannot be read"),
        (drawing("Greek", 104), "Greek/character01/0001_01.png is not 105×105 pixels"),
        (bytes(2_000_000), "too large"),
    ],
)
def test_a_drawing_that_cannot_be_used_is_named(root, tiny, content, message):
    pack_small(root / "omniglot", Greek=content)
    with pytest.raises(DataUnavailable, match=message):
        Omniglot().sprites("train")


@pytest.mark.parametrize("kept", [0, 100, 3000])
def test_an_archive_that_is_cut_short_is_named(root, tiny, kept):
    pack_small(root / "omniglot")
    archive = root / "omniglot" / "images_background_small1.zip"
    archive.write_bytes(archive.read_bytes()[:kept])
    with pytest.raises(DataUnavailable, match=r"images_background_small1.zip cannot be read"):
        Omniglot().sprites("train")


def test_a_damaged_drawing_in_an_archive_is_named(root, tiny):
    pack_small(root / "omniglot")
    archive = root / "omniglot" / "images_background_small1.zip"
    content = bytearray(archive.read_bytes())
    start = content.index(b"0001_01.png") + 20
    content[start : start + 20] = bytes(20)
    archive.write_bytes(content)
    with pytest.raises(DataUnavailable, match=r"images_background_small1.zip cannot be read"):
        Omniglot().sprites("train")
