"""Scenes of digits that lie apart."""

import math
from typing import get_args

import pytest
import torch

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric_scenes.bundled import Bundled
from objcentric_scenes.mnist import Mnist
from objcentric_scenes.resampling import resize, triangle
from objcentric_scenes.scattered import Crowded, Scattered

TENSORS = ("images", "counts", "boxes", "labels", "segmentation")


@pytest.fixture(scope="module")
def many() -> Scenes:
    return Scattered(digits=Bundled(), train=6000).scenes("train")


def pairs(scenes: Scenes) -> tuple[torch.Tensor, torch.Tensor]:
    """Distance of the centres, and mean side, of all pairs of digits."""
    side = scenes.boxes[..., 2] - scenes.boxes[..., 0]
    centre = (scenes.boxes[..., :2] + scenes.boxes[..., 2:]) / 2
    distance = torch.cdist(centre, centre)
    mean = (side[:, :, None] + side[:, None]) / 2
    exists = side > 0
    both = (exists[:, :, None] & exists[:, None]).triu(1)
    return distance[both], mean[both]


def test_all_counts_are_equally_frequent(many):
    n, p = len(many), 1 / 5
    z = (many.counts.bincount() - n * p) / math.sqrt(n * p * (1 - p))
    assert len(z) == 5
    assert z.abs().max() < 4


def test_all_sides_are_equally_frequent(many):
    side = many.attributes["side"]
    drawn = side[side > 0].bincount()[14:]
    n, p = int(drawn.sum()), 1 / 7
    z = (drawn - n * p) / math.sqrt(n * p * (1 - p))
    assert len(drawn) == 7
    assert z.abs().max() < 4


def test_all_digits_are_equally_frequent(noise):
    labels = Scattered(digits=noise, train=3000).scenes("train").labels
    drawn = labels[labels >= 0].bincount()
    n, p = int(drawn.sum()), 1 / 7
    z = (drawn - n * p) / math.sqrt(n * p * (1 - p))
    assert len(drawn) == 7
    assert z.abs().max() < 4


@pytest.mark.parametrize("axis", [0, 1])
def test_the_place_of_a_single_digit_is_uniform(many, axis):
    side, corner = many.attributes["side"][:, 0], many.boxes[:, 0, axis]
    chosen = (many.counts == 1) & (side == 20)
    drawn = corner[chosen].long().bincount(minlength=45)
    n, p = int(chosen.sum()), 1 / 45
    z = (drawn - n * p) / math.sqrt(n * p * (1 - p))
    assert len(drawn) == 45
    assert z.abs().max() < 4.5


def test_all_centres_are_apart_and_no_further_than_they_must_be(many):
    distance, mean = pairs(many)
    assert (distance >= 0.85 * mean - 1e-4).all()
    assert (distance / mean).min() < 0.86


def test_a_scene_is_its_digits_in_their_boxes(faint_noise):
    scenes = Scattered(digits=faint_noise, train=200).scenes("train")
    sprites = faint_noise.sprites("train")
    for n in range(len(scenes)):
        layers = torch.zeros(4, 64, 64, dtype=torch.int32)
        for m in range(int(scenes.counts[n])):
            x0, y0, x1, y1 = scenes.boxes[n, m].int().tolist()
            digit = sprites.images[int(scenes.labels[n, m])].numpy()
            layers[m, y0:y1, x0:x1] = torch.from_numpy(resize(digit, x1 - x0, triangle)[0]).int()
        assert torch.equal(scenes.images[n, 0].int(), layers.sum(0).clamp(max=255))
        # argmax gives the first of equals, as the protocol does.
        most = torch.where(layers.amax(0) > 0, layers.argmax(0) + 1, 0)
        assert torch.equal(scenes.segmentation[n].long(), most)


def test_entries_beyond_the_count_are_empty(many):
    absent = torch.arange(4) >= many.counts[:, None]
    assert (many.labels[absent] == -1).all()
    assert (many.boxes[absent] == 0).all()
    assert (many.attributes["side"][absent] == 0).all()


@pytest.mark.parametrize(("few", "more"), [(30, 50), (999, 1001), (1001, 1500)])
def test_fewer_scenes_are_the_first_of_more_scenes(few, more, noise):
    one, two = (Scattered(digits=noise, train=n).scenes("train") for n in (few, more))
    for name in TENSORS:
        assert torch.equal(getattr(one, name), getattr(two, name)[:few]), name
    assert not torch.equal(two.images[:few], two.images[-few:])


def test_splits_share_no_scenes_and_test_scenes_show_test_digits(noise):
    source = Scattered(digits=noise, train=300, validation=300, test=300)
    train, validation, test = (source.scenes(split) for split in get_args(Split))
    assert set(train.labels.unique().tolist()) == {-1, *range(7)}
    assert set(test.labels.unique().tolist()) == {-1, 7, 8, 9}
    shown = [set(map(bytes, s.images[s.counts > 0].numpy())) for s in (train, validation, test)]
    assert len(shown[0] | shown[1] | shown[2]) == sum(map(len, shown))


def test_other_counts_may_be_asked_for(noise):
    source = Scattered(digits=noise, train=90, test=90, counts=(0, 1, 3), test_counts=(2,))
    assert source.scenes("train").counts.unique().tolist() == [0, 1, 3]
    assert source.scenes("validation").counts.unique().tolist() == [0, 1, 3]
    assert source.scenes("test").counts.unique().tolist() == [2]
    nothing = Scattered(digits=noise, train=9, counts=(0,)).scenes("train")
    assert nothing.images.max() == 0


def test_test_counts_leave_the_other_splits_as_they_are(noise):
    plain, other = (Scattered(digits=noise, train=9, test_counts=c) for c in ((), (4,)))
    assert plain.scenes("train").sha256 == other.scenes("train").sha256


def test_every_option_and_every_digit_has_a_cache_file_of_its_own(noise, faint_noise, cache):
    variants = [
        Scattered(digits=noise, train=40),
        Scattered(digits=noise, train=41),
        Scattered(digits=noise, train=40, canvas=65),
        Scattered(digits=noise, train=40, counts=(0, 1)),
        Scattered(digits=noise, train=40, seed=1),
        Scattered(digits=faint_noise, train=40),
    ]
    assert len({source.scenes("train").sha256 for source in variants}) == len(variants)
    assert len(list((cache / "scenes").iterdir())) == len(variants)
    assert variants[0].scenes("train").sha256 == variants[0].scenes("train").sha256
    assert len(list((cache / "scenes").iterdir())) == len(variants)


def test_digits_that_do_not_fit_are_refused(noise):
    with pytest.raises(ObjcentricError, match="20 pixels, does not fit on a canvas of 19"):
        Scattered(digits=noise, canvas=19)
    with pytest.raises(ObjcentricError, match="at least one number of objects"):
        Scattered(digits=noise, counts=())


def test_a_canvas_that_is_too_full_is_an_error(noise, monkeypatch):
    monkeypatch.setattr("objcentric_scenes.arrangement.ATTEMPTS", 20)
    source = Scattered(digits=noise, train=1, canvas=30, counts=(9,))
    with pytest.raises(ObjcentricError, match=r"9 objects .* canvas of 30 .* larger canvas"):
        source.scenes("train")


@pytest.mark.parametrize(
    ("source", "split", "sha256"),
    [
        (Scattered, "train", "0e8d6cc62f87527f476ba7bccb9d00c6990621cf40ca09af5cf231fe9a85919f"),
        (
            Scattered,
            "validation",
            "abcc0ea0cf885982644eaed56d63969161d702de0c5ec1099831aa4aa8ac50c8",
        ),
        (Scattered, "test", "7a861575084cab939c9de86ea2664b83c50f4b09834bf27dd79116e63b25b9fc"),
        (Crowded, "train", "df2f07dc1654c42f1b53944711554dcfe97a88fa14051990cb909468039f4594"),
    ],
)
def test_the_scenes_are_these_on_every_machine(
    source: type[SceneSource], split: Split, sha256: str
):
    options = {"digits": Bundled(), "train": 60, "validation": 60, "test": 60}
    assert source(**options).scenes(split).sha256 == sha256


def test_crowded_scenes_hold_one_to_nine_digits_apart():
    scenes = Crowded(digits=Bundled(), train=500).scenes("train")
    assert scenes.images.shape == (500, 1, 128, 128)
    assert scenes.counts.unique().tolist() == list(range(1, 10))
    distance, mean = pairs(scenes)
    assert (distance >= 0.85 * mean - 1e-4).all()


def test_scattered_mnist_is_the_same_everywhere(mnist_root):
    source = Scattered(digits=Mnist(), train=60)
    assert (
        source.scenes("train").sha256
        == "d94f4dd10dc590819b0381885d2d736753acc8b7335502ba6154219a4cd86a0b"
    )
