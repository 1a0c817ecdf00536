"""`objcentric infer` on what people have in their folders."""

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image


def photo(size=(40, 20), level=99, mode="RGB") -> Image.Image:
    return Image.new(mode, size, level if mode == "L" else (level,) * 3)


@pytest.fixture
def photos(tmp_path):
    """Photographs of another size and kind than the model's, one of them damaged."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    photo().save(folder / "a.jpg")
    photo((12, 12), 50, "L").save(folder / "sub" / "b.png")
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    (folder / "notes.txt").write_text("not an image")
    return folder


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_of_photographs_becomes_a_table_and_pictures(call, run, photos, tmp_path):
    result = call("infer", run, "photos")
    assert result.exit_code == 1, result.output
    notice, bad, end = result.stderr.splitlines()
    assert notice == (
        "Images are changed to 12×12 grey, which the model takes (fit: pad); the first is "
        "photos/a.jpg, 20×40"
    )
    assert bad == "photos/bad.png: cannot identify it as a PNG or JPEG file"
    assert end.startswith("2 images; objects found: ")
    found = rows(tmp_path / "found" / "found.csv")
    assert [row["image"] for row in found] == ["photos/a.jpg", "photos/sub/b.png"]
    for row in found:
        assert int(row["count"]) == len(json.loads(row["boxes"])) == len(json.loads(row["slots"]))
        assert len(json.loads(row["probability"])) == 2
        picture = tmp_path / "found" / row["picture"]
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_nothing_is_overwritten(call, run, photos, tmp_path):
    for folder in ("found", "found-2"):
        call("infer", run, "photos/a.jpg", "--quiet")
        assert len(rows(tmp_path / folder / "found.csv")) == 1
    result = call("infer", run, "photos/a.jpg", "--out", "found")
    assert result.exit_code == 2
    assert "--out found is not empty" in result.stderr


def test_records_are_json_lines_on_request_and_quiet_is_quiet(call, run, photos, tmp_path):
    result = call(
        "infer", run, "photos/a.jpg", "--format", "jsonl", "--no-pictures", "--quiet", "--out", "o"
    )
    assert (result.exit_code, result.output) == (0, "")
    (line,) = (tmp_path / "o" / "found.jsonl").read_text().splitlines()
    assert list(json.loads(line)) == ["image", "count", "probability", "boxes", "slots", "picture"]
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == ["found.jsonl"]


def test_an_image_from_standard_input_to_standard_output(call, run, tmp_path):
    stream = io.BytesIO()
    photo().save(stream, "PNG")
    words = ("infer", run, "-", "--out", "-", "--format", "jsonl")
    result = call(*words, stdin=stream.getvalue())
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["image"] == "-"
    assert not (tmp_path / "found").exists()
    nothing = call(*words, stdin=b"")
    assert nothing.exit_code == 1
    assert nothing.stderr.splitlines()[0] == "-: cannot identify it as a PNG or JPEG file"


def test_an_array_has_one_row_per_image(call, run, tmp_path):
    np.save(tmp_path / "grey.npy", np.zeros((3, 12, 12), np.uint8))
    np.save(tmp_path / "colour.npy", np.zeros((2, 3, 20, 30)))
    np.save(tmp_path / "one.npy", np.zeros((9, 9, 3), np.uint8))
    result = call("infer", run, "grey.npy", "colour.npy", "one.npy")
    assert result.exit_code == 0, result.output
    names = [row["image"] for row in rows(tmp_path / "found" / "found.csv")]
    rows_of_arrays = [f"grey.npy[{i}]" for i in range(3)] + ["colour.npy[0]", "colour.npy[1]"]
    assert names == [*rows_of_arrays, "one.npy[0]"]


class Trap:
    """Its pickle leaves a mark when it is loaded."""

    def __reduce__(self):
        return open, ("owned", "w")


def test_arrays_that_hold_no_images_are_one_line_each_and_never_unpickled(call, run, tmp_path):
    np.save(tmp_path / "objects.npy", np.array([Trap()], dtype=object), allow_pickle=True)
    (tmp_path / "pickle.npy").write_bytes(__import__("pickle").dumps(Trap()))
    np.save(tmp_path / "integers.npy", np.zeros((2, 12, 12), int))
    np.save(tmp_path / "flat.npy", np.zeros(5))
    np.savez(tmp_path / "many.npz", images=np.zeros((2, 12, 12)))
    (tmp_path / "empty.npy").touch()
    names = ["objects.npy", "pickle.npy", "integers.npy", "flat.npy", "many.npz", "empty.npy"]
    result = call("infer", run, *names)
    assert result.exit_code == 1
    said = dict(line.split(": ", 1) for line in result.stderr.splitlines() if ": " in line)
    assert said["objects.npy"] == "holds Python objects, not numbers; these are never loaded"
    assert "is no array file" in said["pickle.npy"]
    assert "got int64" in said["integers.npy[0]"]
    assert "got an array (5,)" in said["flat.npy"]
    assert "numpy.save writes one" in said["many.npz"]
    assert "is no array file" in said["empty.npy"]
    assert result.stderr.splitlines()[-1] == "No image was read"
    assert not (tmp_path / "owned").exists()
    assert not (tmp_path / "found").exists()


def test_what_is_not_there_does_not_stop_the_others(call, run, photos, tmp_path):
    (tmp_path / "bare").mkdir()
    result = call("infer", run, "nowhere.png", "bare", "photos/a.jpg")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[:2] == [
        "nowhere.png: does not exist",
        "bare: holds no image (.png, .jpg, .jpeg)",
    ]
    assert len(rows(tmp_path / "found" / "found.csv")) == 1


def test_boxes_are_in_pixels_of_the_image_and_not_of_the_canvas(call, run, photos, tmp_path):
    small, large = np.zeros((12, 12), np.uint8), np.zeros((120, 120), np.uint8)
    small[4:8, 1:5] = large[40:80, 10:50] = 255
    Image.fromarray(small).save(tmp_path / "small.png")
    Image.fromarray(large).save(tmp_path / "large.png")
    call("infer", run, "small.png", "large.png", "--format", "jsonl", "--out", "o")
    one, ten = map(json.loads, (tmp_path / "o" / "found.jsonl").read_text().splitlines())
    assert np.allclose(np.array(one["boxes"]) * 10, ten["boxes"], atol=0.2)


def test_dark_and_bright_are_exchanged_on_request(call, run, tmp_path):
    photo((12, 12), 255, "L").save(tmp_path / "white.png")
    photo((12, 12), 0, "L").save(tmp_path / "black.png")
    for name, words in {"white": ["--invert"], "black": []}.items():
        call("infer", run, f"{name}.png", "--format", "jsonl", "--out", name, *words)
    one, two = (json.loads((tmp_path / n / "found.jsonl").read_text()) for n in ("white", "black"))
    assert one["slots"] == two["slots"]
    assert one["probability"] == two["probability"]


def test_a_device_that_is_not_here_is_refused(call, run, photos):
    result = call("infer", run, "photos/a.jpg", "--device", "cuda:63")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
