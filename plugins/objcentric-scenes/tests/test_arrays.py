"""Scenes from arrays that others have exported."""

import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch

from objcentric.errors import DataUnavailable, ObjcentricError
from objcentric.testing import check_component
from objcentric_scenes.arrays import Arrays
from objcentric_scenes.folder import SPLITS

N, K, H, W = 20, 4, 6, 8
"""Scenes, things with the background first, and the canvas."""


def export() -> dict[str, np.ndarray]:
    """What multi_object_datasets exports: thing 2 is invisible in every other scene, thing 3 in
    all, and things 1 and 2 are boxes of 2×3 pixels."""
    random = np.random.default_rng(0)
    mask = np.zeros((N, K, H, W, 1), np.uint8)
    mask[:, 1, 1:3, 2:5] = 255
    mask[::2, 2, 3:5, 4:7] = 255
    mask[:, 0] = 255 - mask.max(1)
    visibility = np.ones((N, K), np.float32)
    visibility[:, 3] = visibility[1::2, 2] = 0
    image = random.integers(0, 256, (N, H, W, 3)).astype(np.uint8)
    return {"image": image, "mask": mask, "visibility": visibility}


Saved = Callable[..., Path]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    def save(name: str = "scenes.npz", **arrays: np.ndarray | None) -> Path:
        chosen = export() | arrays
        path = tmp_path / name
        np.savez(path, **{key: value for key, value in chosen.items() if value is not None})
        return path

    return save


def arrays(path: Path, **options: object) -> Arrays:
    return Arrays(path=str(path), **options)


def test_the_checks_of_scene_sources_pass(saved):
    results = check_component(Arrays, options={"path": str(saved())})
    assert {result.status for result in results} == {"passed"}


def test_splits_are_ranges_training_first_and_test_last(saved):
    source, images = arrays(saved()), torch.from_numpy(export()["image"])
    found = torch.cat([source.scenes(split).images for split in SPLITS])
    assert [len(source.scenes(split)) for split in SPLITS] == [16, 2, 2]
    assert torch.equal(found, images.permute(0, 3, 1, 2))
    assert source.image_shape == (3, H, W)


def test_sizes_of_splits_may_be_stated(saved):
    source, images = arrays(saved(), train=5, validation=3, test=4), export()["image"]
    firsts = {"train": images[0], "validation": images[13], "test": images[16]}
    for split, n in (("train", 5), ("validation", 3), ("test", 4)):
        scenes = source.scenes(split)
        assert len(scenes) == n
        assert np.array_equal(scenes.images[0].permute(1, 2, 0).numpy(), firsts[split])


def test_more_scenes_than_there_are_are_refused(saved):
    path = saved()
    with pytest.raises(ObjcentricError, match=f"{path}, 'image': 20 scenes are too few for 18"):
        arrays(path, train=18).scenes("train")
    with pytest.raises(ObjcentricError, match="20 scenes are too few"):
        arrays(path, test=20).scenes("test")


def test_masks_say_counts_boxes_and_segmentation(saved):
    scenes = arrays(saved()).scenes("train")
    assert scenes.known == {"counts", "boxes", "segmentation"}
    assert scenes.counts.tolist() == [2, 1] * 8
    first, second = [2, 1, 5, 3], [4, 3, 7, 5]
    assert scenes.boxes[0].tolist() == [first, second]
    assert scenes.boxes[1].tolist() == [first, [0] * 4]
    expected = np.zeros((H, W))
    expected[1:3, 2:5], expected[3:5, 4:7] = 1, 2
    assert np.array_equal(scenes.segmentation[0].numpy(), expected)


def forms() -> dict[str, np.ndarray]:
    """The same masks in every form that is known."""
    mask = export()["mask"]
    index = mask[..., 0].argmax(1)
    return {
        "(N, K, H, W)": mask[..., 0],
        "(N, K, 1, H, W)": np.moveaxis(mask, -1, 2),
        "booleans": mask > 0,
        "0 and 1": mask // 255,
        "floats": mask / 255,
        "(N, H, W)": index,
        "(N, H, W, 1)": index[..., None].astype(np.uint8),
    }


@pytest.mark.parametrize("form", forms())
def test_masks_have_many_forms(saved, form):
    usual = arrays(saved("usual.npz")).scenes("test")
    other = arrays(saved("other.npz", mask=forms()[form])).scenes("test")
    assert other.sha256 == usual.sha256


def test_a_gap_between_visible_things_is_closed(saved):
    mask = export()["mask"]
    mask[:, [1, 3]] = mask[:, [3, 1]]  # nothing in place 1
    scenes = arrays(saved(mask=mask)).scenes("train")
    assert scenes.counts.tolist() == [2, 1] * 8
    assert scenes.segmentation[0].unique().tolist() == [0, 1, 2]
    assert scenes.boxes[1, 0].tolist() == [2, 1, 5, 3]


def test_several_things_may_be_background(saved):
    for mask in (export()["mask"], export()["mask"][..., 0].argmax(1)):
        scenes = arrays(saved(mask=mask), background=2).scenes("train")
        assert scenes.counts.tolist() == [1, 0] * 8


def test_everything_may_be_an_object(saved):
    assert arrays(saved(), background=0).scenes("train").counts.tolist() == [3, 2] * 8


def test_counts_come_from_visibility_where_there_are_no_masks(saved):
    scenes = arrays(saved(mask=None)).scenes("train")
    assert scenes.known == {"counts"}
    assert scenes.counts.tolist() == [2, 1] * 8


def test_counts_come_from_counts_where_there_is_nothing_else(saved):
    path = saved(mask=None, visibility=None, counts=np.arange(N)[:, None])
    assert arrays(path).scenes("train").counts.tolist() == list(range(16))


def test_counts_that_contradict_the_masks_are_refused(saved):
    path = saved(n=np.full(N, 2))
    with pytest.raises(ObjcentricError, match=r"'n': these counts differ .*scene 1 is the first"):
        arrays(path, counts="n").scenes("train")
    assert arrays(path, counts="n", mask=None, visibility=None).scenes("train").counts[1] == 2


def test_nothing_is_known_of_images_alone(saved):
    assert arrays(saved(mask=None, visibility=None)).scenes("train").known == frozenset()
    null = {"mask": None, "visibility": None, "counts": None}
    assert arrays(saved(), **null).scenes("train").known == frozenset()


IMAGES = export()["image"]


@pytest.mark.parametrize(
    ("image", "shape"),
    [
        (IMAGES[..., 0], (1, H, W)),
        (IMAGES[..., :1], (1, H, W)),
        (np.moveaxis(IMAGES, -1, 1), (3, H, W)),
        (IMAGES / 255, (3, H, W)),
        ((IMAGES / 255).astype(np.float32), (3, H, W)),
    ],
)
def test_images_have_many_forms(saved, image, shape):
    source = arrays(saved(image=image))
    channels = shape[0]
    assert source.image_shape == shape
    expected = torch.from_numpy(IMAGES).permute(0, 3, 1, 2)[:16, :channels]
    assert torch.equal(source.scenes("train").images, expected)


def test_black_and_white_may_be_booleans(saved):
    images = arrays(saved(image=IMAGES[..., 0] > 99)).scenes("train").images
    assert images.unique().tolist() == [0, 255]


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (IMAGES.astype(np.float32), "intensities in .0, 1., got 0 to 255"),
        (IMAGES / 255 - 0.5, "intensities in .0, 1., got -0.5"),
        (np.full(IMAGES.shape, np.nan), "intensities in .0, 1."),
        (IMAGES.astype(np.int64), "got int64"),
        (IMAGES[:, :, 0, 0], "expected images .N, H, W, C. .* got .16, 6."),
        (np.zeros((N, H, W, 4), np.uint8), "1 or 3 channels"),
    ],
)
def test_images_that_cannot_be_used_are_named(saved, image, message):
    path = saved(image=image)
    with pytest.raises(ObjcentricError, match=f"{path}, 'image': .*{message}"):
        arrays(path).scenes("train")


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("mask", np.zeros((N, K, 5, 5)), "expected masks .N, K, 6, 8, 1."),
        ("mask", export()["mask"][:9], "9 rows, fewer than there are images"),
        ("counts", np.full(N, 0.5), "whole numbers"),
        ("counts", np.full(N, -1), "whole numbers"),
        ("counts", np.zeros((N, 2)), "one number per scene"),
    ],
)
def test_truth_that_cannot_be_used_is_named(saved, part, value, message):
    path = saved(**{part: value})
    with pytest.raises(ObjcentricError, match=f"{path}, '{part}': .*{message}"):
        arrays(path).scenes("train")


def test_a_missing_key_is_named_with_those_that_are_there(saved):
    path = saved()
    with pytest.raises(ObjcentricError) as raised:
        arrays(path, image="imgs").scenes("train")
    assert f"{path} has no 'imgs'" in str(raised.value)
    assert "image, mask, visibility" in str(raised.value)
    with pytest.raises(ObjcentricError, match="has no 'masken', which should hold mask"):
        arrays(path, mask="masken").scenes("train")
    with pytest.raises(ObjcentricError, match="has no 'image' or 'images'"):
        _ = arrays(saved(image=None)).image_shape


def test_every_split_may_have_a_file_of_its_own(saved, tmp_path):
    for split, n in (("train", 9), ("val", 5), ("test", 4)):
        saved(f"{split}.npz", **{key: value[:n] for key, value in export().items()})
    source = arrays(tmp_path / "{split}.npz", splits=("train", "val", "test"), train=8)
    assert [len(source.scenes(split)) for split in SPLITS] == [8, 5, 4]
    with pytest.raises(ObjcentricError, match="there are 4 scenes for test, and 5 are asked for"):
        arrays(tmp_path / "{split}.npz", test=5).scenes("test")


def test_every_split_may_have_keys_of_its_own(saved):
    keys = {f"{split}/image": IMAGES[n:][:6] for n, split in enumerate(SPLITS)}
    source = arrays(saved(image=None, mask=None, visibility=None, **keys), image="{split}/image")
    assert [len(source.scenes(split)) for split in SPLITS] == [6, 6, 6]
    assert source.scenes("test").images[0, 0, 0, 0] == IMAGES[2, 0, 0, 0]


def test_a_missing_file_is_named_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataUnavailable, match=f"{tmp_path}/scenes.npz .*does not exist"):
        Arrays().scenes("train")
    with pytest.raises(DataUnavailable, match="is a folder"):
        arrays(tmp_path).scenes("train")


def test_pickled_objects_are_never_loaded(tmp_path, saved):
    path = saved(image=np.array([{"an": "object"}] * N, dtype=object))
    with pytest.raises(ObjcentricError, match="allow_pickle"):
        arrays(path).scenes("train")


@pytest.mark.parametrize("content", [b"", b"no zip file", b"PK\x03\x04 and nothing"])
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "scenes.npz"
    path.write_bytes(content)
    with pytest.raises(ObjcentricError, match=f"{path} cannot be read"):
        arrays(path).scenes("train")


def test_a_damaged_array_is_named(saved):
    path = saved()
    content = bytearray(path.read_bytes())
    content[2000] ^= 255
    path.write_bytes(content)
    with pytest.raises(ObjcentricError, match=f"{path} cannot be read"):
        arrays(path).scenes("train")


def test_a_single_array_under_the_name_of_several_is_refused(tmp_path):
    path = tmp_path / "scenes.npz"
    with path.open("wb") as file:
        np.save(file, IMAGES)
    with pytest.raises(ObjcentricError, match="single array"):
        arrays(path).scenes("train")


def test_another_ending_is_refused(tmp_path):
    path = tmp_path / "scenes.mat"
    path.touch()
    with pytest.raises(ObjcentricError, match=r"ends in .mat; arrays are read from .npz"):
        arrays(path).scenes("train")


def test_without_h5py_the_error_says_what_would_work(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    path = tmp_path / "scenes.h5"
    path.touch()
    with pytest.raises(ObjcentricError, match=r"scenes.h5 needs h5py.*'objcentric\[h5\]'.*\.npz"):
        arrays(path).scenes("train")


class FakeGroup(dict[str, np.ndarray]):
    """An HDF5 file as h5py shows it, as far as it is used here."""

    def visititems(self, visit: Callable[[str, object], None]) -> None:
        visit("group", SimpleNamespace())
        for name, value in self.items():
            visit(name, value)


@contextmanager
def fake_file(path: Path, mode: str) -> Iterator[FakeGroup]:
    assert mode == "r"
    if not zipfile.is_zipfile(path):
        raise OSError("Unable to open file (file signature not found)")
    with np.load(path) as content:
        yield FakeGroup(content)


@pytest.fixture
def fake_h5py(monkeypatch):
    module = ModuleType("h5py")
    module.File = fake_file
    monkeypatch.setitem(sys.modules, "h5py", module)


@pytest.mark.parametrize("ending", ["h5", "hdf5", "H5"])
def test_hdf5_is_read_like_npz(saved, tmp_path, fake_h5py, ending):
    path = saved().rename(tmp_path / f"scenes.{ending}")
    assert arrays(path).scenes("test").sha256 == arrays(saved()).scenes("test").sha256
    with pytest.raises(ObjcentricError, match="keys found: image, mask, visibility"):
        arrays(path, image="imgs").scenes("train")


def test_a_damaged_hdf5_file_is_named(tmp_path, fake_h5py):
    path = tmp_path / "scenes.h5"
    path.write_bytes(b"nothing")
    with pytest.raises(ObjcentricError, match=f"{path} cannot be read as .h5: .*signature"):
        arrays(path).scenes("train")


def test_a_real_hdf5_file_is_read(saved, tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "scenes.h5", "w") as file:
        for key, value in export().items():
            file[f"all/{key}"] = value
    source = arrays(tmp_path / "scenes.h5", image="all/image", mask="all/mask")
    assert source.scenes("test").sha256 == arrays(saved()).scenes("test").sha256
