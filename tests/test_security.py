"""What SECURITY.md promises: data of strangers runs no code and writes nothing elsewhere."""

import io
import pickle
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from objcentric.errors import ObjcentricError
from objcentric.images import BadImage, Canvas
from objcentric.inference.image_inputs import ImageInputs
from objcentric.recipe import RecipeError, load
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run_folders import resumed_run
from objcentric_scenes.arrays import Arrays


class Evil:
    """Writes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self):
        return (Path.touch, (self.target,))


@pytest.fixture
def owned(tmp_path) -> Path:
    """The file that an attack would write."""
    return tmp_path / "owned"


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/b", "..", "a\\b"])
def test_a_recipe_s_name_is_no_path(tiny_recipe_file, tiny_registry, tmp_path, name):
    recipe = tmp_path / "evil.yaml"
    text = tiny_recipe_file.read_text(encoding="utf-8").replace("name: tiny", f"name: '{name}'")
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match="name"):
        load(recipe, (), tiny_registry)


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['touch owned']",
        "!!python/name:os.system",
        "{use: 'os:system'}",
        "{use: os.system}",
        "{use: ../evil.py}",
    ],
)
def test_a_recipe_names_components_and_nothing_else(
    tiny_recipe_file, tiny_registry, tmp_path, monkeypatch, owned, value
):
    monkeypatch.chdir(tmp_path)
    text = tiny_recipe_file.read_text(encoding="utf-8")
    recipe = tmp_path / "evil.yaml"
    recipe.write_text(text.replace("{use: squares}", value), encoding="utf-8")
    assert value in recipe.read_text(encoding="utf-8")
    with pytest.raises(RecipeError):
        load(recipe, (), tiny_registry)
    assert not owned.exists()


@pytest.mark.parametrize("name", ["checkpoints", "metrics.jsonl", "pictures", "summary.json"])
def test_a_run_folder_with_a_symbolic_link_is_not_resumed(train_tiny, tmp_path, name):
    run = train_tiny("run", "training.epochs=1").run
    elsewhere = tmp_path / "elsewhere"
    inside = run.path / name
    if inside.exists():
        inside.rename(elsewhere)
    else:
        elsewhere.mkdir()
    inside.symlink_to(elsewhere)
    before = sorted(tmp_path.glob("elsewhere/**/*"))
    with pytest.raises(RunFolderError, match="symbolic link"), resumed_run(run):
        pass
    assert sorted(tmp_path.glob("elsewhere/**/*")) == before


def test_an_archive_is_read_and_never_unpacked(tmp_path, owned):
    content = io.BytesIO()
    np.save(content, np.zeros((3, 4, 4), np.uint8))
    path = tmp_path / "scenes" / "scenes.npz"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("image.npy", content.getvalue())
        archive.writestr("../owned", "evil")
        archive.writestr(str(owned.absolute()), "evil")
    assert Arrays(path=str(path), train=1, validation=1, test=1).scenes("test").images.any() == 0
    assert not owned.exists()


def test_an_npz_with_pickled_objects_runs_nothing(tmp_path, owned):
    np.savez(tmp_path / "scenes.npz", image=np.array([Evil(owned)], dtype=object))
    with pytest.raises(ObjcentricError):
        Arrays(path=str(tmp_path / "scenes.npz")).scenes("train")
    assert not owned.exists()


@pytest.mark.parametrize("content", ["array", "pickle"])
def test_an_npy_with_pickled_objects_runs_nothing(tmp_path, owned, content):
    path = tmp_path / "evil.npy"
    if content == "array":
        np.save(path, np.array([Evil(owned)], dtype=object), allow_pickle=True)
    else:
        path.write_bytes(pickle.dumps(Evil(owned)))
    found = list(ImageInputs([str(path)], Canvas(1, (8, 8)), bytes))
    assert found
    assert not owned.exists()


def test_an_image_that_is_a_bomb_is_refused(tmp_path):
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")
    with pytest.raises(BadImage, match="pixels"):
        Canvas(1, (8, 8)).read(b"\x89PNG\r\n\x1a\n" + body)


def test_a_pickle_under_the_name_of_weights_runs_nothing(train_tiny, owned):
    from objcentric.runs.restore import restored_model

    run = train_tiny("run", "training.epochs=1").run
    for weights in run.checkpoint().glob("*.safetensors"):
        weights.write_bytes(pickle.dumps(Evil(owned)))
    with pytest.raises(ObjcentricError):
        restored_model(run)
    assert not owned.exists()
