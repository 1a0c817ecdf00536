import math
from typing import get_args

import pytest
import torch

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, Split, Sprites, SpriteSource
from objcentric_scenes.bundled import Bundled
from objcentric_scenes.multi_mnist import MultiMnist
from objcentric_scenes.resampling import resize, triangle

TENSORS = ("images", "counts", "boxes", "labels", "segmentation")


def recompose(scenes: Scenes, sprites: Sprites) -> tuple[torch.Tensor, torch.Tensor]:
    """Each scene drawn again from boxes and labels, one object at a time: layers and their sum."""
    size = int(scenes.boxes[scenes.counts > 0][0, 0, 2] - scenes.boxes[scenes.counts > 0][0, 0, 0])
    digits = torch.from_numpy(resize(sprites.images[:, 0].numpy(), size, triangle)).int()
    of_label = dict(zip(sprites.labels.tolist(), digits, strict=True))
    layers = torch.zeros(len(scenes), 2, *scenes.images.shape[-2:], dtype=torch.int32)
    for n in range(len(scenes)):
        for m in range(int(scenes.counts[n])):
            x0, y0, x1, y1 = scenes.boxes[n, m].int().tolist()
            layers[n, m, y0:y1, x0:x1] = of_label[int(scenes.labels[n, m])]
    return layers, layers.sum(1)


def centres(scenes: Scenes, digit: int) -> torch.Tensor:
    return scenes.boxes[..., :2] + digit // 2


@pytest.fixture
def many(noise) -> Scenes:
    return MultiMnist(digits=noise, train=9_000).scenes("train")


def test_images_have_the_shape_that_was_announced(noise):
    source = MultiMnist(digits=noise, train=5, validation=4, test=3, canvas=61, digit=30)
    assert source.image_shape == (1, 61, 61)
    sizes: dict[Split, int] = {"train": 5, "validation": 4, "test": 3}
    for split, n in sizes.items():
        scenes = source.scenes(split)
        assert scenes.images.shape == (n, *source.image_shape)
        assert scenes.images.dtype == torch.uint8
        assert scenes.counts.shape == (n,)
        assert scenes.boxes.shape == (n, 2, 4)
        assert scenes.labels.shape == (n, 2)
        assert scenes.segmentation.shape == (n, 61, 61)


def test_none_one_and_two_digits_are_equally_frequent(many):
    n, p = len(many), 1 / 3
    z = (many.counts.bincount() - n * p) / math.sqrt(n * p * (1 - p))
    assert len(z) == 3
    assert z.abs().max() < 4


def test_every_digit_is_equally_frequent(many):
    drawn = many.labels[many.labels >= 0].bincount()
    n, p = int(drawn.sum()), 1 / 7
    z = (drawn - n * p) / math.sqrt(n * p * (1 - p))
    assert len(z) == 7
    assert z.abs().max() < 4


def test_the_first_centre_is_uniform_from_12_to_37(many):
    first = centres(many, 24)[many.counts > 0, 0]
    for axis in (0, 1):
        drawn = first[:, axis].long().bincount(minlength=38)
        n, p = len(first), 1 / 26
        z = (drawn[12:] - n * p) / math.sqrt(n * p * (1 - p))
        assert drawn[:12].sum() == 0
        assert len(z) == 26
        assert z.abs().max() < 4


def test_the_second_centre_keeps_its_distance_in_x_and_in_y(many):
    first, second = centres(many, 24)[many.counts == 2].unbind(1)
    assert second.min() == 12
    assert second.max() == 37
    shift = second - first
    assert not ((shift >= -12) & (shift < 12)).any()
    assert shift[shift > 0].min() == 12
    assert shift[shift < 0].max() == -13


def test_boxes_share_a_corner_of_12_by_12_at_most(many):
    first, second = many.boxes[many.counts == 2].unbind(1)
    shared = torch.minimum(first[:, 2:], second[:, 2:]) - torch.maximum(first[:, :2], second[:, :2])
    assert shared.max() == 12


@pytest.mark.parametrize(("canvas", "digit"), [(50, 24), (41, 20), (40, 19), (64, 28)])
def test_a_scene_is_its_digits_in_their_boxes(faint_noise, canvas, digit):
    source = MultiMnist(digits=faint_noise, train=60, canvas=canvas, digit=digit)
    scenes = source.scenes("train")
    layers, total = recompose(scenes, faint_noise.sprites("train"))
    assert set(scenes.counts.tolist()) == {0, 1, 2}
    assert torch.equal(scenes.images[:, 0].int(), total)
    best = torch.where(layers[:, 1] > layers[:, 0], 2, 1)
    assert torch.equal(scenes.segmentation.int(), torch.where(layers.amax(1) > 0, best, 0).int())


def test_pixels_that_add_up_to_more_than_white_are_white(noise):
    scenes = MultiMnist(digits=noise, train=60).scenes("train")
    _, total = recompose(scenes, noise.sprites("train"))
    assert total.max() > 255
    assert torch.equal(scenes.images[:, 0].int(), total.clamp(max=255))


def test_entries_beyond_the_count_are_empty(many):
    absent = torch.arange(2) >= many.counts[:, None]
    assert (many.labels[absent] == -1).all()
    assert (many.boxes[absent] == 0).all()
    assert (many.labels[~absent] >= 0).all()


def test_test_scenes_share_no_digits_with_the_others(noise):
    source = MultiMnist(digits=noise, train=200, validation=200, test=200)
    train, validation, test = (
        set(source.scenes(split).labels.unique().tolist()) for split in get_args(Split)
    )
    assert train == validation == {-1, 0, 1, 2, 3, 4, 5, 6}
    assert test == {-1, 7, 8, 9}


@pytest.mark.parametrize("split", ["validation", "test"])
def test_no_split_is_drawn_as_the_training_scenes_are(noise, split):
    source = MultiMnist(digits=noise, train=9000, validation=9000, test=9000)
    same = source.scenes("train").counts == source.scenes(split).counts
    z = (int(same.sum()) - 9000 / 3) / math.sqrt(9000 * (1 / 3) * (2 / 3))
    assert abs(z) < 4


def test_no_validation_scene_of_two_digits_is_a_training_scene(noise):
    source = MultiMnist(digits=noise, train=500, validation=500)
    train, validation = (source.scenes(split) for split in ("train", "validation"))
    seen = set(map(bytes, train.images[train.counts == 2].flatten(1).numpy()))
    assert not seen & set(map(bytes, validation.images[validation.counts == 2].flatten(1).numpy()))


def test_fewer_scenes_are_the_first_of_more_scenes(noise):
    few, more = (MultiMnist(digits=noise, train=n).scenes("train") for n in (30, 50))
    for name in TENSORS:
        assert torch.equal(getattr(few, name), getattr(more, name)[:30]), name


@pytest.mark.parametrize(
    ("split", "sha256"),
    [
        ("train", "3fb1b7c7e0e12a833d7123eb61a322a181e61edc274c59c66534676d9f7a6dc0"),
        ("validation", "68a91ab3bf090ca7bbae7fc316869f312018bb48c8a6538aecfda4917d33c308"),
        ("test", "135ef1aa4d0a5f5fbfa9c53e0183670facc16833f9ab7385a3ac032eef1c2b78"),
    ],
)
def test_the_same_options_give_the_same_bytes_on_every_machine(split: Split, sha256: str):
    source = MultiMnist(digits=Bundled(), train=200, validation=100, test=100)
    assert source.scenes(split).sha256 == sha256


class Repainted(SpriteSource):
    """The digits of another source, one pixel of one digit changed."""

    def __init__(self, *, source: SpriteSource) -> None:
        self.source = source

    def sprites(self, split: Split) -> Sprites:
        sprites = self.source.sprites(split)
        images = sprites.images.clone()
        images[0, 0, 14, 14] ^= 128
        return Sprites(images, sprites.labels)


def test_scenes_in_the_cache_are_those_that_were_made(noise, cache):
    made = MultiMnist(digits=noise, train=40).scenes("train")
    read = MultiMnist(digits=noise, train=40).scenes("train")
    assert len(list((cache / "scenes").iterdir())) == 1
    assert made.sha256 == read.sha256
    for name in TENSORS:
        assert torch.equal(getattr(made, name), getattr(read, name)), name


def test_every_option_and_every_pixel_of_a_digit_has_a_cache_file_of_its_own(noise, cache):
    variants = [
        MultiMnist(digits=noise, train=40),
        MultiMnist(digits=noise, train=41),
        MultiMnist(digits=noise, train=40, canvas=51),
        MultiMnist(digits=noise, train=40, digit=23),
        MultiMnist(digits=noise, train=40, seed=1),
        MultiMnist(digits=Repainted(source=noise), train=40),
    ]
    digests = {source.scenes("train").sha256 for source in variants}
    assert len(digests) == len(variants)
    names = [file.name for file in (cache / "scenes").iterdir()]
    assert len(names) == len(variants)
    assert all(name.startswith("multi_mnist-v1-train-") for name in names)


def test_a_canvas_without_room_for_two_digits_is_refused(noise):
    with pytest.raises(ObjcentricError, match="canvas must be at least 49, or digit at most 23"):
        MultiMnist(digits=noise, canvas=48)
    for fits in ({"canvas": 49}, {"canvas": 48, "digit": 23}):
        assert len(MultiMnist(digits=noise, train=500, **fits).scenes("train")) == 500


def test_coloured_digits_are_refused():
    class Coloured(SpriteSource):
        def sprites(self, split: Split) -> Sprites:
            return Sprites(torch.zeros(2, 3, 28, 28, dtype=torch.uint8), torch.arange(2))

    with pytest.raises(ObjcentricError, match="1 channel, but its digits have 3"):
        MultiMnist(digits=Coloured(), train=10).scenes("train")
