"""The options of the generator, one by one."""

import math

import numpy as np
import pytest
import torch

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric_scenes.backdrop import BRIGHTEST
from objcentric_scenes.bundled import Bundled
from objcentric_scenes.painting import Placed, cover, segment_added, segment_covered
from objcentric_scenes.sprites_on_canvas import SpritesOnCanvas


def test_objects_that_cover_each_other_are_mixed_by_their_ink():
    ink = np.zeros((1, 2, 2, 2), np.uint8)
    ink[0, 0] = 255
    ink[0, 1, 0] = (100, 200)
    placed = Placed(ink, np.zeros((1, 2, 2), np.int64), 3)
    colors = np.array([[[255], [10]]], np.uint8)
    image = cover(placed, colors, np.full((1, 1, 1, 1), 51, np.uint8))[0, ..., 0]
    front = [round((a * 10 + (255 - a) * 255) / 255) for a in (100, 200)]
    assert image.tolist() == [[*front, 51], [255, 255, 51], [51, 51, 51]]
    assert segment_covered(placed)[0].tolist() == [[1, 2, 0], [1, 1, 0], [0, 0, 0]]
    assert segment_added(placed)[0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_backgrounds_are_black_grey_or_coloured(noise):
    options = {"sprites": noise, "train": 200, "counts": (0,)}
    black, grey, rgb = (
        SpritesOnCanvas(**options, background=b).scenes("train") for b in ("black", "grey", "rgb")
    )
    assert black.images.max() == 0
    assert grey.images.shape[1] == 1
    assert rgb.images.shape[1] == 3
    for scenes in (grey, rgb):
        plain = scenes.images.flatten(2)
        assert (plain == plain[..., :1]).all()
        level = plain[..., 0].double()
        z = (level.mean(0) - 127.5) / (73.9 / math.sqrt(len(level)))  # uniform over 0…255
        assert z.abs().max() < 4


def test_one_picture_is_behind_all_scenes_of_a_seed(noise):
    options = {"sprites": noise, "train": 5, "test": 5, "counts": (0,), "background": "picture"}
    source, other = (SpritesOnCanvas(**options, seed=seed) for seed in (0, 1))
    behind = source.scenes("train").images[0]
    for split in ("train", "test"):
        assert (source.scenes(split).images == behind).all()
    assert not torch.equal(other.scenes("train").images[0], behind)
    assert 100 < behind.max() <= BRIGHTEST
    for axis in (1, 2):  # no edges: a cell of 16 pixels goes from 0 to 160 at most
        assert behind.int().diff(dim=axis).abs().max() <= BRIGHTEST / 16 + 1


@pytest.mark.parametrize("overlap", ["add", "cover"])
def test_a_picture_shows_where_no_object_has_ink(noise, overlap):
    options = {"sprites": noise, "counts": (2,), "overlap": overlap, "colors": "rgb", "train": 20}
    black, shown = (
        SpritesOnCanvas(**options, background=b).scenes("train").images.int()
        for b in ("black", "picture")
    )
    empty = SpritesOnCanvas(**options | {"counts": (0,)}, background="picture")
    picture = empty.scenes("train").images[0].int()
    far = (black == 0).all(1, keepdim=True).expand_as(black)
    assert far.any()
    assert torch.equal(shown[far], picture.expand_as(shown)[far])
    if overlap == "add":
        assert torch.equal(shown, (black + picture).clamp(max=255))


def test_coloured_digits_add_up_in_each_channel(faint_noise):
    scenes = SpritesOnCanvas(
        sprites=faint_noise, train=50, counts=(1,), colors="rgb", smallest=28, largest=28
    ).scenes("train")
    for n in range(50):
        x0, y0, x1, y1 = scenes.boxes[n, 0].int().tolist()
        ink = faint_noise.sprites("train").images[scenes.labels[n, 0]].int()
        color = scenes.attributes["color"][n, 0].int()[:, None, None]
        assert torch.equal(scenes.images[n, :, y0:y1, x0:x1].int(), (ink * color + 127) // 255)


def test_noise_is_uniform_up_to_its_limit(noise):
    options = {"sprites": noise, "train": 20, "counts": (0,), "background": "grey"}
    clean = SpritesOnCanvas(**options).scenes("train").images.int()
    noisy = SpritesOnCanvas(**options, noise=3).scenes("train").images.int()
    inner = (clean >= 3) & (clean <= 252)
    drawn = ((noisy - clean)[inner] + 3).bincount()
    n, p = int(drawn.sum()), 1 / 7
    z = (drawn - n * p) / math.sqrt(n * p * (1 - p))
    assert len(drawn) == 7
    assert z.abs().max() < 4
    assert noisy.min() >= 0


def test_fewer_noisy_scenes_are_the_first_of_more(noise):
    few, more = (SpritesOnCanvas(sprites=noise, train=n, noise=9).scenes("train") for n in (5, 9))
    assert torch.equal(few.images, more.images[:5])


def test_boxes_are_disjoint_if_they_have_to_be(noise):
    scenes = SpritesOnCanvas(sprites=noise, train=100, counts=(3,), disjoint=True).scenes("train")
    for a, b in ((0, 1), (0, 2), (1, 2)):
        one, two = scenes.boxes[:, a], scenes.boxes[:, b]
        shared = torch.minimum(one[:, 2:], two[:, 2:]) - torch.maximum(one[:, :2], two[:, :2])
        assert (shared.amin(1) <= 0).all()


def test_enough_of_each_digit_is_visible():
    scenes = SpritesOnCanvas(
        sprites=Bundled(), train=200, counts=(4,), visible=0.6, overlap="cover", canvas=50
    ).scenes("train")
    assert 0.6 <= scenes.attributes["visible"].min() < 0.7


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"visible": 0.5}, "needs objects that cover each other: overlap=cover"),
        ({"smallest": 20, "largest": 19}, "smallest side, 20 pixels, is above the largest, 19"),
        ({"largest": 65}, "65 pixels, does not fit on a canvas of 64 pixels"),
    ],
)
def test_options_that_contradict_each_other_are_refused(noise, options, message):
    with pytest.raises(ObjcentricError, match=message):
        SpritesOnCanvas(sprites=noise, **options)


def test_coloured_sprites_are_refused():
    class Coloured(SpriteSource):
        def sprites(self, split: Split) -> Sprites:
            return Sprites(torch.zeros(2, 3, 28, 28, dtype=torch.uint8), torch.arange(2))

    with pytest.raises(ObjcentricError, match="those of Coloured have 3"):
        SpritesOnCanvas(sprites=Coloured(), train=10).scenes("train")


def test_every_option_gives_other_scenes(noise):
    common = {"sprites": noise, "train": 40}
    variants = [
        {},
        {"seed": 1},
        {"canvas": 65},
        {"smallest": 13},
        {"largest": 21},
        {"margins": False},
        {"apart": 1.2},
        {"disjoint": True},
        {"overlap": "cover"},
        {"overlap": "cover", "visible": 0.9},
        {"colors": "rgb"},
        {"colors": "hsv"},
        {"background": "grey"},
        {"background": "rgb"},
        {"background": "picture"},
        {"noise": 1},
        {"counts": (1, 2)},
    ]
    digests = {SpritesOnCanvas(**common, **v).scenes("train").sha256 for v in variants}
    assert len(digests) == len(variants) - 1  # noise sprites have no margins


def test_the_scenes_are_these_on_every_machine():
    source = SpritesOnCanvas(
        sprites=Bundled(), test=20, overlap="cover", colors="hsv", background="grey", noise=8
    )
    assert (
        source.scenes("test").sha256
        == "2b9b57a33d16873034b005c836b9451724288ba3c752cf314d46ccb0fa31380c"
    )
