"""Image files, in all the forms that cameras and programs write, and their places on a canvas."""

import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from objcentric.images import BadImage, Canvas, Placement, files_below, read_image

SIZE = (4, 4)


def saved(folder: Path, image: Image.Image, name: str = "image.png", **how: object) -> Path:
    path = folder / name
    image.save(path, **how)
    return path


def corner(side: int = 64) -> np.ndarray:
    """Grey levels with a bright top left quarter."""
    pixels = np.zeros((side, side), np.uint8)
    pixels[: side // 2, : side // 2] = 200
    return pixels


def quarters(image: np.ndarray) -> list[int]:
    """The levels of the quarters of an image with one channel, row by row."""
    height, width = image.shape[1:]
    return [int(image[0, y, x]) for y in (0, height - 1) for x in (0, width - 1)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_image_is_turned_as_its_exif_orientation_says(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path, Image.fromarray(corner()), "image.jpg", exif=exif, quality=95)
    bright = [level > 150 for level in quarters(read_image(path, 1, SIZE))]
    place = {1: 0, 2: 1, 3: 3, 4: 2, 5: 0, 6: 1, 7: 3, 8: 2}[orientation]
    assert bright == [quarter == place for quarter in range(4)]


@pytest.mark.parametrize(
    ("level", "expected"), [(0, 0), (128, 0), (129, 1), (32768, 128), (65535, 255)]
)
def test_sixteen_bits_become_eight(tmp_path, level, expected):
    path = saved(tmp_path, Image.fromarray(np.full(SIZE, level, np.uint16)))
    assert quarters(read_image(path, 1, SIZE)) == [expected] * 4
    assert (read_image(path, 3, SIZE) == expected).all()


def test_a_palette_becomes_colours(tmp_path):
    image = Image.new("P", SIZE, 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert read_image(saved(tmp_path, image), 3, SIZE)[:, 0, 0].tolist() == [10, 20, 30]


def test_cmyk_becomes_colours(tmp_path):
    path = saved(tmp_path, Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "image.jpg", quality=95)
    red, green, blue = read_image(path, 3, SIZE)[:, 0, 0].tolist()
    assert red > 250
    assert max(green, blue) < 5


def test_one_bit_becomes_black_and_white(tmp_path):
    image = Image.fromarray(corner(8) > 0)
    assert image.mode == "1"
    assert quarters(read_image(saved(tmp_path, image), 1, SIZE)) == [255, 0, 0, 0]


@pytest.mark.parametrize("ground", ["black", "white"])
def test_what_is_transparent_shows_the_ground(tmp_path, ground):
    clear = 255 if ground == "white" else 0
    image = Image.new("RGBA", (2, 2), (90, 90, 90, 0))
    image.putpixel((0, 0), (90, 90, 90, 255))
    found = quarters(read_image(saved(tmp_path, image), 1, (2, 2), ground=ground))
    assert found == [90, clear, clear, clear]


def test_a_transparent_colour_of_a_palette_is_transparent(tmp_path):
    image = Image.new("P", (2, 2), 1)
    image.putpalette([0, 0, 0, 90, 90, 90])
    path = saved(tmp_path, image, transparency=bytes([255, 0]))
    assert quarters(read_image(path, 1, (2, 2))) == [0] * 4


@pytest.mark.parametrize("depth", ["grey", "colour"])
def test_a_transparent_level_is_transparent(tmp_path, depth):
    image = Image.new("L", (2, 2), 9) if depth == "grey" else Image.new("RGB", (2, 2), (9, 9, 9))
    transparent = 9 if depth == "grey" else (9, 9, 9)
    path = saved(tmp_path, image, transparency=transparent)
    assert quarters(read_image(path, 1, (2, 2), ground="white")) == [255] * 4


def test_grey_and_colour_are_turned_into_each_other(tmp_path):
    grey = saved(tmp_path, Image.new("L", SIZE, 77), "grey.png")
    green = saved(tmp_path, Image.new("RGB", SIZE, (0, 255, 0)), "green.png")
    assert (read_image(grey, 3, SIZE) == 77).all()
    assert (read_image(green, 1, SIZE) == 150).all()  # luma 0.587


def test_a_wide_image_is_padded_cropped_or_stretched(tmp_path):
    wide = np.full((10, 20), 100, np.uint8)
    wide[:, :5] = wide[:, 15:] = 200
    path = saved(tmp_path, Image.fromarray(wide))
    padded = read_image(path, 1, (20, 20))[0]
    assert padded[[0, 4, 15, 19]].max() == 0
    assert padded[5:15, [0, 19]].min() == 200
    assert (read_image(path, 1, (10, 10), fit="crop") == 100).all()
    stretched = read_image(path, 1, (20, 20), fit="stretch")[0]
    assert stretched[:, [0, 19]].min() == 200
    assert stretched[:, 10].max() == 100


def test_bars_are_black_beside_an_inverted_image_too(tmp_path):
    path = saved(tmp_path, Image.new("L", (20, 10), 255))
    assert not read_image(path, 1, (20, 20), invert=True).any()
    assert not read_image(path, 3, (20, 20), invert=True).any()


def test_a_canvas_may_be_higher_than_wide(tmp_path):
    path = saved(tmp_path, Image.new("RGB", (9, 9)))
    assert read_image(path, 3, (7, 5)).shape == (3, 7, 5)


def test_a_large_photograph_is_averaged_and_not_sampled(tmp_path):
    board = (np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)
    path = saved(tmp_path, Image.fromarray(board))
    assert abs(read_image(path, 1, SIZE).astype(int) - 128).max() <= 1


def chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def test_a_decompression_bomb_is_refused_before_it_is_decompressed(tmp_path):
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0"))
    path = tmp_path / "bomb.png"
    path.write_bytes(content + chunk(b"IEND", b""))
    with pytest.raises(BadImage, match="pixels"):
        read_image(path, 1, SIZE)


def test_an_image_somewhat_too_large_is_refused_without_a_warning(tmp_path):
    header = struct.pack(">IIBBBBB", 11_000, 10_000, 8, 0, 0, 0, 0)
    path = tmp_path / "large.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b""))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(BadImage, match=r"11000×10000 pixels are more than 100,000,000"):
            read_image(path, 1, SIZE)


@pytest.mark.parametrize("cut", [0, 1, 8, 40, 200])
@pytest.mark.parametrize("name", ["image.png", "image.jpg"])
def test_a_file_that_is_cut_short_is_bad(tmp_path, name, cut):
    noise = np.random.default_rng(0).integers(0, 255, (40, 40)).astype(np.uint8)
    path = saved(tmp_path, Image.fromarray(noise), name)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BadImage):
        read_image(path, 1, SIZE)


def test_another_format_under_the_name_of_a_png_is_bad(tmp_path):
    path = saved(tmp_path, Image.new("L", SIZE), "image.png", format="GIF")
    with pytest.raises(BadImage, match="cannot identify"):
        read_image(path, 1, SIZE)


@pytest.mark.parametrize(
    ("fit", "corners"),
    [("pad", [(0, -20), (80, 60)]), ("crop", [(20, 0), (60, 40)]), ("stretch", [(0, 0), (80, 40)])],
)
def test_a_canvas_knows_which_part_of_the_image_it_shows(fit, corners):
    placement = Placement((40, 80), (10, 10), fit)
    assert [placement.on_image(0, 0), placement.on_image(10, 10)] == corners


def test_the_size_of_an_image_is_that_of_the_turned_file_before_it_is_shrunk(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path, Image.new("L", (640, 320)), "image.jpg", exif=exif)
    _, placement = Canvas(1, SIZE).read(path.read_bytes())
    assert placement.size == (640, 320)
    assert not placement.is_exact


def test_pixels_are_drawn_like_a_file_s(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (20, 30, 3)).astype(np.uint8)
    path = saved(tmp_path, Image.fromarray(pixels))
    canvas = Canvas(1, (8, 8), "crop")
    assert (canvas.draw(pixels)[0] == canvas.read(path)[0]).all()


def test_files_below_a_folder_are_in_order_and_hidden_ones_left_out(tmp_path):
    for name in ("b/z.png", "a.png", ".hidden.png", "__MACOSX/a.png", "b/.x/c.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(files_below(tmp_path)) == ["a.png", "b/z.png"]
