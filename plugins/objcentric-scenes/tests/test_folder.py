"""Scenes of a user's own images."""

import logging
import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from objcentric.errors import DataUnavailable, ObjcentricError
from objcentric.testing import check_component
from objcentric_scenes.folder import SPLITS, Folder


def image(path: Path, seed: int, mode: str = "L") -> None:
    """Saves noise that no other seed gives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    shape = (8, 8) if mode == "L" else (8, 8, 3)
    Image.fromarray(random.integers(0, 256, shape).astype(np.uint8)).save(path)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Sixty images in no sub-folder."""
    folder = tmp_path / "pictures"
    for n in range(60):
        image(folder / f"p{n:03}.png", n)
    return folder


def small(path: Path, **options: object) -> Folder:
    return Folder(path=str(path), **({"size": 8, "channels": 1} | options))


def contents(source: Folder) -> dict[str, set[bytes]]:
    return {s: {bytes(i.numpy()) for i in source.scenes(s).images} for s in SPLITS}


def test_the_checks_of_scene_sources_pass(pictures):
    results = check_component(Folder, options={"path": str(pictures), "size": [8, 6]})
    assert {result.status for result in results} == {"passed"}


def test_images_have_the_shape_that_was_announced(pictures):
    for options in ({"size": 8}, {"size": (6, 9)}, {"channels": 3}):
        source = small(pictures, **options)
        assert source.scenes("train").images.shape[1:] == source.image_shape


def test_a_shape_is_known_without_the_folder(tmp_path):
    assert Folder(path=str(tmp_path / "nothing"), size=(5, 7)).image_shape == (3, 5, 7)


def test_every_image_is_in_one_split(pictures):
    found = contents(small(pictures))
    assert sum(map(len, found.values())) == 60
    assert len(set.union(*found.values())) == 60
    assert 0 < len(found["test"]) < 20
    assert 0 < len(found["validation"]) < 20


def test_only_counts_are_ever_known(pictures):
    assert small(pictures).scenes("train").known == frozenset()


def test_a_file_that_comes_or_goes_moves_no_other(pictures):
    before = contents(small(pictures))
    for n in range(60, 90):
        image(pictures / f"p{n:03}.png", n)
    (pictures / "p000.png").unlink()
    after = contents(small(pictures))
    moved = [(a, b) for a in SPLITS for b in SPLITS if a != b and before[a] & after[b]]
    assert moved == []


def test_splits_depend_neither_on_the_place_of_the_folder_nor_on_size_and_ending(tmp_path):
    for n in range(60):  # the level says which image it is, in any format and size
        for name, side in ((f"one/p{n:03}.png", 8), (f"elsewhere/two/p{n:03}.JPEG", 16)):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (side, side), 4 * n).save(path)
    one, two = (small(tmp_path / name, size=s) for name, s in (("one", 1), ("elsewhere/two", 5)))
    for split in SPLITS:
        levels = [s.scenes(split).images[:, 0, 0, 0].tolist() for s in (one, two)]
        assert np.abs(np.subtract(*levels)).max() <= 1


def test_fractions_are_of_the_images(tmp_path):
    for n in range(400):
        image(tmp_path / f"{n}.png", n)
    source = small(tmp_path, validation=0.25, test=0.5)
    sizes = [len(source.scenes(split)) for split in SPLITS]
    assert abs(sizes[1] - 100) < 4 * (400 * 0.25 * 0.75) ** 0.5
    assert abs(sizes[2] - 200) < 4 * (400 * 0.5 * 0.5) ** 0.5


@pytest.mark.parametrize("validation", ["validation", "val", "Val"])
def test_sub_folders_are_splits(tmp_path, validation):
    for n, name in enumerate(("train/a/1", "train/b/1", f"{validation}/1", "test/1")):
        image(tmp_path / f"{name}.png", n)
    assert [len(small(tmp_path).scenes(split)) for split in SPLITS] == [2, 1, 1]


def test_a_split_without_sub_folder_is_drawn_from_the_training_images(pictures):
    image(pictures / "test" / "own.png", 1000)
    sizes = [len(small(pictures).scenes(split)) for split in SPLITS]
    assert sizes[2] == 1
    assert sizes[0] + sizes[1] == 60
    assert sizes[1] > 0


def test_images_beside_a_sub_folder_train_are_named(pictures, caplog):
    for n in range(60):
        image(pictures / "train" / f"{n}.png", 100 + n)
    assert sum(len(small(pictures).scenes(split)) for split in SPLITS) == 60
    assert "p000.png: is beside train/, in no split" in caplog.text


def test_no_image_of_another_split_is_a_test_image(tmp_path, caplog):
    for split in ("train", "validation", "test"):
        image(tmp_path / split / "same.png", 0)
        image(tmp_path / split / "own.png", len(split))
    found = contents(small(tmp_path))
    assert [len(found[split]) for split in SPLITS] == [2, 1, 1]
    assert not found["train"] & found["test"]
    assert "test/same.png: shows the same as train/same.png, which is in train" in caplog.text


def test_an_image_that_occurs_twice_in_one_split_stays(tmp_path):
    for name in ("train/1", "train/2"):
        image(tmp_path / f"{name}.png", 0)
    image(tmp_path / "validation" / "1.png", 1)
    image(tmp_path / "test" / "1.png", 2)
    assert len(small(tmp_path).scenes("train")) == 2


def test_bad_files_are_named_in_one_warning(pictures, caplog):
    for n in range(12):
        (pictures / f"bad{n:02}.jpg").write_bytes(b"no image")
    source = small(pictures)
    assert sum(len(source.scenes(split)) for split in SPLITS) == 60
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    message = record.getMessage()
    assert "not used: 12 of the images" in message
    assert "bad00.jpg" in message
    assert "and 2 more" in message


def test_images_that_are_all_fine_give_no_warning(pictures, caplog):
    small(pictures).scenes("train")
    assert caplog.records == []


def test_a_folder_without_images_says_what_was_looked_for(tmp_path, monkeypatch):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.HEIC").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataUnavailable) as raised:
        Folder(path="photos").scenes("train")
    message = str(raised.value)
    assert str(tmp_path / "photos") in message
    assert ".png, .jpg, .jpeg" in message
    assert "1 .heic" in message


def test_a_missing_folder_is_named_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataUnavailable, match=f"{tmp_path}/images.*does not exist"):
        Folder().scenes("train")
    (tmp_path / "images").touch()
    with pytest.raises(DataUnavailable, match="is a file"):
        Folder().scenes("train")


def test_a_split_without_an_image_says_what_would_work(tmp_path):
    image(tmp_path / "one.png", 0)
    with pytest.raises(DataUnavailable, match=r"none of 1 images .* for .*a sub-folder"):
        small(tmp_path).scenes("train")


def test_fractions_that_leave_nothing_are_refused():
    with pytest.raises(ObjcentricError, match="leave no image"):
        Folder(validation=0.5, test=0.5)


def test_hidden_files_other_files_and_what_a_mac_packs_are_ignored(pictures, caplog):
    before = small(pictures).scenes("train").sha256
    (pictures / "notes.txt").write_text("hello")
    for name in (".hidden.png", "__MACOSX/x.png", ".cache/x.png"):
        image(pictures / name, 1)
    (pictures / "folder.png").mkdir()
    os.mkfifo(pictures / "pipe.png")
    assert small(pictures).scenes("train").sha256 == before
    assert caplog.records == []


def test_the_home_folder_may_be_written_as_a_tilde(pictures, monkeypatch):
    monkeypatch.setenv("HOME", str(pictures.parent))
    assert len(small(Path("~/pictures")).scenes("train")) > 0


def test_the_digest_covers_pixels_and_counts_but_no_names(pictures, tmp_path):
    first = small(pictures).scenes("train").sha256
    assert small(pictures).scenes("train").sha256 == first
    assert small(pictures, invert=True).scenes("train").sha256 != first
    lines = [f"p{n:03}.png,{n}" for n in range(60)]
    table = tmp_path / "counts.csv"
    table.write_text("\n".join(["file,count", *lines]))
    assert small(pictures, counts=str(table)).scenes("train").sha256 != first


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_counts_belong_to_their_images(tmp_path, separator):
    names = ("train/a.png", "train/b.png", "validation/c.png", "test/d.png")
    for n, name in enumerate(names):
        image(tmp_path / name, n)
    rows = (("count", "file", "who"), ("3", "b.png", "me"), ("0", "train/a.png", "me"))
    rows += (("1", "test\\d.png", ""), ("12", "validation/c.png", ""), ("5", "gone.png", ""))
    table = tmp_path / "counts.csv"
    text = "\r\n".join(separator.join(row) for row in rows)
    table.write_text(f"\ufeff{text}\r\n\r\n", encoding="utf-8")
    source = small(tmp_path, counts=str(table))
    found = {split: source.scenes(split).counts.tolist() for split in SPLITS}
    assert found == {"train": [0, 3], "validation": [12], "test": [1]}


def test_a_name_with_accents_is_found_however_they_are_spelt(tmp_path):
    for split in SPLITS:
        image(tmp_path / split / unicodedata.normalize("NFD", f"é{split}.png"), len(split))
    table = tmp_path / "counts.csv"
    names = [unicodedata.normalize("NFC", f"é{split}.png") for split in SPLITS]
    table.write_text("\n".join(["file,count", *(f"{name},2" for name in names)]), "utf-8")
    assert small(tmp_path, counts=str(table)).scenes("test").counts.tolist() == [2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no column file and no column count"),
        ("name,count\na.png,1", "has no column file: .*got 'name,count'"),
        ("file,count\np000.png,two", "line 2: expected a count, a whole number from 0, got 'two'"),
        ("file,count\np000.png,-1", "got '-1'"),
        ("file,count\np000.png,1.5", "got '1.5'"),
        ("file,count\np000.png", "got ''"),
        ("file,count\np000.png,1\np000.png,2", "line 3: p000.png has two counts, 1 and 2"),
        ("file,count\np000.png,1", "has no count: 59 of the images"),
    ],
)
def test_a_table_of_counts_that_cannot_be_used_says_why(pictures, tmp_path, text, message):
    table = tmp_path / "counts.csv"
    table.write_text(text)
    with pytest.raises(ObjcentricError, match=message):
        small(pictures, counts=str(table)).scenes("train")


def test_a_missing_table_of_counts_is_named(pictures, tmp_path):
    with pytest.raises(DataUnavailable, match=str(tmp_path / "counts.csv")):
        small(pictures, counts=str(tmp_path / "counts.csv")).scenes("train")


def test_a_table_in_another_encoding_is_refused(pictures, tmp_path):
    table = tmp_path / "counts.csv"
    table.write_bytes("file,count\né.png,1".encode("latin-1"))
    with pytest.raises(ObjcentricError, match="UTF-8"):
        small(pictures, counts=str(table)).scenes("train")
