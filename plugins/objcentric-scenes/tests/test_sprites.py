"""Scenes of drawn shapes that cover each other."""

import math

import pytest
import torch

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes
from objcentric_scenes.multi_dsprites import GeneralDsprites, MultiDsprites
from objcentric_scenes.sprites import Sprites


@pytest.fixture(scope="module")
def many() -> Scenes:
    return Sprites(train=2000).scenes("train")


@pytest.fixture(scope="module")
def general() -> Scenes:
    return GeneralDsprites(train=300).scenes("train")


def assert_uniform(drawn: torch.Tensor, values: int) -> None:
    n, p = int(drawn.sum()), 1 / values
    z = (drawn - n * p) / math.sqrt(n * p * (1 - p))
    assert len(drawn) == values
    assert z.abs().max() < 4.5


def test_counts_shapes_sizes_and_angles_are_uniform(many):
    there = many.labels >= 0
    assert_uniform(many.counts.bincount(), 5)
    assert_uniform(many.labels[there].bincount(), 3)
    radius = (10 * many.attributes["radius"][there]).round().long()
    assert_uniform(radius.bincount()[60:], 41)
    angle = many.attributes["angle"][there].long()
    assert_uniform((angle // 30).bincount(), 12)
    assert len(angle.unique()) > 350


@pytest.mark.parametrize(
    ("scenes", "least", "found"), [("many", 0.4, 0.45), ("general", 0.25, 0.3)]
)
def test_enough_of_each_shape_is_visible(scenes, least, found, request):
    scenes = request.getfixturevalue(scenes)
    visible = scenes.attributes["visible"][scenes.labels >= 0]
    assert least <= visible.min() < found
    assert visible.max() == 1


def test_the_visible_share_is_what_the_segmentation_shows(many):
    alone = (many.counts == 1).nonzero()[:, 0][:20]
    assert (many.attributes["visible"][alone, 0] == 1).all()
    last = (many.counts - 1).clamp(min=0)
    front = many.attributes["visible"].gather(1, last[:, None])[many.counts > 0]
    assert (front == 1).all()  # nothing covers the last object
    binary = MultiDsprites(train=100).scenes("train")
    for n in range(100):
        for m in range(int(binary.counts[n])):
            shown = int((binary.segmentation[n] == m + 1).sum())
            assert (binary.attributes["visible"][n, m] > 0) == (shown > 0)


def test_a_box_is_tight_around_what_nothing_covers(many):
    for n in (many.counts > 0).nonzero()[:60, 0]:
        m = int(many.counts[n]) - 1
        y, x = (many.segmentation[n] == m + 1).nonzero(as_tuple=True)
        opaque = torch.stack([x.min(), y.min(), x.max() + 1, y.max() + 1])
        outside = (many.boxes[n, m] - opaque).abs()
        assert outside.max() <= 1  # pixels that the shape covers by less than a half


def test_a_pixel_that_shows_one_shape_alone_has_its_colour(general):
    for n in range(50):
        ground = general.images[n][:, general.segmentation[n] == 0]
        assert (ground == ground[:, :1]).all()
        for m in range(int(general.counts[n])):
            pixels = general.images[n][:, general.segmentation[n] == m + 1]
            assert (pixels == general.attributes["color"][n, m][:, None]).all()


def test_colours_differ_from_the_background(general):
    corner = general.images[:, :, 0, 0]  # dSprites leave the corners free
    shift = general.attributes["color"].int() - corner[:, None].int()
    distance = shift.double().pow(2).sum(-1).sqrt()[general.labels >= 0]
    assert 127.5 <= distance.min() < 135


def test_hues_are_strong_and_bright(many):
    color = many.attributes["color"][many.labels >= 0].int()
    brightest, darkest = color.amax(1), color.amin(1)
    assert brightest.min() >= 128
    assert (darkest <= brightest * 127 / 255).all()
    assert_uniform(color.argmax(1).bincount(), 3)


def test_the_positions_of_dsprites_are_uniform():
    scenes = MultiDsprites(train=1500, variant="binarized").scenes("train")
    square = (scenes.labels == 0) & (scenes.attributes["angle"] == 0)
    centre = (scenes.boxes[..., :2] + scenes.boxes[..., 2:])[square] / 2
    assert centre.min() >= 16
    assert centre.max() <= 48
    assert scenes.attributes["radius"].unique().tolist() == pytest.approx(
        [0, 8, 9.6, 11.2, 12.8, 14.4, 16]
    )
    angles = scenes.attributes["angle"][scenes.labels >= 0]
    assert len(angles.unique()) == 39
    n, p = len(angles), 2 / 40  # the 40th angle is the first one again
    assert abs((angles == 0).sum() - n * p) < 4 * math.sqrt(n * p * (1 - p))


@pytest.mark.parametrize(
    ("variant", "channels", "counts"),
    [
        ("binarized", 1, [2, 3]),
        ("colored_on_grayscale", 3, [2, 3, 4, 5]),
        ("colored_on_colored", 3, [1, 2, 3, 4]),
    ],
)
def test_variants_of_multi_dsprites_are_as_published(variant, channels, counts):
    source = MultiDsprites(train=150, variant=variant)
    scenes = source.scenes("train")
    assert source.image_shape == (channels, 64, 64)
    assert scenes.images.shape == (150, channels, 64, 64)
    assert scenes.counts.unique().tolist() == counts
    ground = scenes.images[:, :, 0, 0]
    assert len(ground.unique(dim=0)) == (
        1 if variant == "binarized" else pytest.approx(150, abs=50)
    )
    if variant == "colored_on_grayscale":
        assert (ground == ground[:, :1]).all()


def test_general_test_scenes_have_more_objects():
    source = GeneralDsprites(train=40, test=40)
    assert source.scenes("train").counts.unique().tolist() == [2, 3, 4, 5]
    assert source.scenes("test").counts.unique().tolist() == [6, 7, 8]


def test_fewer_scenes_are_the_first_of_more(many):
    fewer = Sprites(train=40).scenes("train")
    for name in ("images", "boxes", "segmentation", "labels"):
        assert torch.equal(getattr(fewer, name), getattr(many, name)[:40]), name


def test_splits_have_other_scenes(many):
    source = Sprites(train=40, validation=40, test=40)
    others = [source.scenes(split).images for split in ("validation", "test")]
    for one, two in ((others[0], others[1]), (others[0], many.images[:40])):
        assert not torch.equal(one, two)


def test_a_canvas_that_is_too_full_is_an_error(monkeypatch):
    monkeypatch.setattr("objcentric_scenes.arrangement.ATTEMPTS", 20)
    with pytest.raises(ObjcentricError, match=r"20 attempts; .* weaker rule \(apart, visible\)"):
        Sprites(train=1, canvas=21, counts=(9,)).scenes("train")


@pytest.mark.parametrize(
    ("source", "sha256"),
    [
        (Sprites, "e0b9a9bc16897c430ee195f832f8289d58d6bcab41b6059e7be2d5248ad442e5"),
        (MultiDsprites, "4705a931d9fa9246e7bea7df5a4dc5fe699fe2203aa341731c770b2ecb6533cc"),
        (GeneralDsprites, "1b6aac8a628a4aeac3fc0b2d784a9b5d204cd0c24ac8f8b913648bec2f12c201"),
    ],
)
def test_the_scenes_are_these_on_every_machine(source, sha256):
    assert source(test=30).scenes("test").sha256 == sha256
