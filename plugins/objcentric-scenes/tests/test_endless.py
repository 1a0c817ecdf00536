"""Endless scenes are what the data sets are, made from other random bits."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, SceneSource
from objcentric.testing import check_component
from objcentric_scenes import arrangement
from objcentric_scenes.bundled import Bundled
from objcentric_scenes.canvas_generator import Purpose
from objcentric_scenes.canvas_protocol import CanvasProtocol
from objcentric_scenes.endless import pair_stream
from objcentric_scenes.endless.bits import Bits, CountedBits, integers_below, mixed
from objcentric_scenes.endless.canvas_stream import CanvasStream
from objcentric_scenes.multi_dsprites import GeneralDsprites, MultiDsprites
from objcentric_scenes.multi_mnist import MultiMnist
from objcentric_scenes.multi_mnist_variants import DisjointMultiMnist, PyroMultiMnist
from objcentric_scenes.randomness import raw_bits
from objcentric_scenes.scattered import Crowded, Scattered
from objcentric_scenes.sprites import Sprites
from objcentric_scenes.sprites_on_canvas import SpritesOnCanvas

FEW = 40
DIGITS = {"digits": Bundled(), "train": FEW}
SOURCES: dict[str, CanvasProtocol] = {
    "scattered": Scattered(**DIGITS),
    "crowded": Crowded(**DIGITS),
    "unsaturated": PyroMultiMnist(**DIGITS),
    "without margins": DisjointMultiMnist(**DIGITS),
    "drawn": Sprites(train=FEW),
    "turned by parts": MultiDsprites(train=FEW),
    "white on black": MultiDsprites(train=FEW, variant="binarized"),
    "with contrast": GeneralDsprites(train=FEW),
    "all options": SpritesOnCanvas(
        sprites=Bundled(), train=FEW, overlap="cover", visible=0.6, colors="hsv", noise=9,
        background="grey", canvas=40,
    ),
    "coloured and added": SpritesOnCanvas(
        sprites=Bundled(), train=FEW, colors="rgb", background="rgb", noise=3
    ),
    "before a picture": SpritesOnCanvas(
        sprites=Bundled(), train=FEW, overlap="cover", colors="hsv", background="picture"
    ),
    "added to a picture": SpritesOnCanvas(
        sprites=Bundled(), train=FEW, background="picture", canvas=50
    ),
    "nothing": Scattered(**DIGITS, counts=(0,)),
}  # fmt: skip
ENDLESS = {
    "multi_mnist": lambda **options: MultiMnist(digits=Bundled(), **options),
    "scattered": lambda **options: Scattered(digits=Bundled(), **options),
    "sprites": Sprites,
    "multi_dsprites": MultiDsprites,
}
CHECKS = ("scenes_consistent", "same_digest", "splits_differ", "stream_continues")


class BitsOfTheTwin(Bits):
    """The random bits from which the data set is made."""

    device = torch.device("cpu")

    def draw(self, purpose, *shape, attempts=range(1), rows=None):
        drawn = [self._of(purpose, attempt, math.prod(shape)) for attempt in attempts]
        bits = torch.from_numpy(np.stack(drawn, 1).astype(np.int64)).view(FEW, len(drawn), *shape)
        return bits if rows is None else bits[rows]

    def _of(self, purpose: int, attempt: int, columns: int) -> np.ndarray:
        if purpose == Purpose.ATTEMPTS:
            return raw_bits(0, (0, 0, purpose + attempt), FEW, columns)
        again = (attempt,) if attempt else ()
        return raw_bits(0, (0, 0, purpose, *again), FEW, columns)


@pytest.mark.parametrize("name", SOURCES)
def test_the_same_random_bits_give_the_scenes_of_the_data_set(name):
    generator = SOURCES[name].generator
    maker = generator.objects.maker("train")
    known = generator._chunk("train", maker, 0, FEW)
    made = CanvasStream(generator, maker).made(BitsOfTheTwin())
    assert made.keys() == known.keys()
    for key, value in made.items():
        assert value.numpy().dtype == known[key].dtype, key
        assert np.array_equal(value.numpy(), known[key]), key


def test_the_same_random_bits_give_the_scenes_of_multi_mnist():
    source, bits = MultiMnist(**DIGITS), raw_bits(0, 0, FEW, 7)
    columns = {
        pair_stream.COUNTS: bits[:, 0],
        pair_stream.DIGITS: bits[:, 1:3],
        pair_stream.CORNERS: bits[:, 3:],
    }

    class Given(BitsOfTheTwin):
        def draw(self, purpose, *shape, attempts=range(1), rows=None):
            return torch.from_numpy(columns[purpose].astype(np.int64)).view(FEW, 1, *shape)

    digits = source.digits.sprites("train")
    stream = pair_stream.PairStream(digits, canvas=source.canvas, digit=source.digit, seed=0)
    made, scenes = stream.made(Given()), source.scenes("train")
    assert {*made} == {"images", "counts", "boxes", "labels", "segmentation"}
    assert all(torch.equal(value, getattr(scenes, name)) for name, value in made.items())


def test_bits_are_those_of_splitmix64():
    """The first outputs for the seed 1234567, as in the tests of other implementations."""
    golden = 0x9E3779B97F4A7C15 - 2**64
    outputs = mixed(1234567 + golden * torch.arange(1, 4))
    known = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [value % 2**64 for value in outputs.tolist()] == known


def test_bits_of_purposes_scenes_attempts_and_columns_differ():
    bits = CountedBits(0, torch.arange(50))
    drawn = [bits.draw(purpose, 7, attempts=range(3)) for purpose in range(3)]
    other = CountedBits(1, torch.arange(50)).draw(0, 7, attempts=range(3))
    assert len(torch.stack([*drawn, other]).unique()) == 4 * 50 * 3 * 7


def test_attempts_and_rows_are_parts_of_one_table():
    bits = CountedBits(3, torch.arange(20))
    whole, rows = bits.draw(2, 4, 2, attempts=range(9)), torch.tensor([5, 0, 5])
    assert torch.equal(bits.draw(2, 4, 2, attempts=range(3, 9), rows=rows), whole[rows, 3:])


def test_integers_are_uniform_and_reach_their_limits():
    n = 100_000
    drawn = integers_below(7, CountedBits(0, torch.arange(n)).draw(0)[:, 0]).bincount()
    z = (drawn - n / 7) / math.sqrt(n * (1 / 7) * (6 / 7))
    assert len(drawn) == 7
    assert z.abs().max() < 4
    assert integers_below(2**31, torch.tensor([0, -1])).tolist() == [0, 2**31 - 1]


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_sources_conform(name):
    source = ENDLESS[name](train=150, validation=150, test=150, endless=True)
    assert source.scenes("train").stream is not None
    results = check_component(source)
    assert {result.name for result in results if result.status == "passed"} >= {*CHECKS}


@pytest.mark.parametrize("name", ENDLESS)
def test_only_training_scenes_are_endless(name):
    plain, endless = (
        ENDLESS[name](train=20, validation=20, test=20, endless=e) for e in (False, True)
    )
    for split in ("validation", "test"):
        assert endless.scenes(split).sha256 == plain.scenes(split).sha256
        assert endless.scenes(split).stream is None
    assert plain.scenes("train").stream is None
    assert endless.scenes("train").sha256 != plain.scenes("train").sha256


def test_a_digest_changes_with_every_option_and_every_digit(noise, faint_noise):
    variants = [
        Scattered(digits=noise, train=40, endless=True),
        Scattered(digits=noise, train=41, endless=True),
        Scattered(digits=noise, train=40, canvas=65, endless=True),
        Scattered(digits=noise, train=40, counts=(0, 1), endless=True),
        Scattered(digits=noise, train=40, seed=1, endless=True),
        Scattered(digits=faint_noise, train=40, endless=True),
    ]
    assert len({source.scenes("train").sha256 for source in variants}) == len(variants)


def test_objects_of_test_scenes_remain_unseen(noise):
    scenes = Scattered(digits=noise, train=300, endless=True).scenes("train")
    assert set(scenes.labels.unique().tolist()) == {-1, *range(7)}
    _, truth = scenes.stream.at(torch.arange(300, 600), ("labels",))
    assert set(truth.labels.unique().tolist()) == {-1, *range(7)}


def test_only_what_is_asked_for_is_worked_out():
    stream = Sprites(train=5, endless=True).scenes("train").stream
    _, few = stream.at(torch.arange(5), ("counts",))
    assert few.segmentation is None
    assert not few.attributes


def test_a_canvas_that_is_too_full_is_an_error(noise, monkeypatch):
    monkeypatch.setattr(arrangement, "ATTEMPTS", 20)
    source = Scattered(digits=noise, train=2, canvas=30, counts=(9,), endless=True)
    with pytest.raises(ObjcentricError, match=r"9 objects .* canvas of 30 .* 20 attempts"):
        source.scenes("train")


def test_scenes_that_are_hard_to_place_take_few_rounds(noise, monkeypatch):
    """The fewer are left, the more attempts at each are made at once."""
    rounds = []
    draw = CountedBits.draw

    def counted(bits, purpose, *shape, attempts=range(1), rows=None):
        if purpose == Purpose.ATTEMPTS:
            rounds.append((attempts, len(rows)))
        return draw(bits, purpose, *shape, attempts=attempts, rows=rows)

    monkeypatch.setattr(CountedBits, "draw", counted)
    source = Scattered(digits=noise, train=100, canvas=56, counts=(5,), endless=True)
    source.scenes("train")
    assert rounds[-1][0].stop > 60  # attempts at some scene
    assert len(rounds) < 40  # one attempt per round: 105
    assert max(len(attempts) * scenes for attempts, scenes in rounds) <= 4 * 100


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("name", ENDLESS)
def test_a_cuda_device_makes_the_same_bytes(name):
    stream = ENDLESS[name](train=5, endless=True).scenes("train").stream
    numbers = torch.arange(1000, 1300)
    images, truth = stream.at(numbers)
    others, other = stream.at(numbers.cuda())
    assert torch.equal(others.cpu(), images)
    for part in truth.known - {"attributes"}:
        assert torch.equal(getattr(other, part).cpu(), getattr(truth, part)), part


N = 6000


@pytest.fixture(scope="module")
def pair() -> tuple[Scenes, Scenes]:
    """Later scenes of a stream, and a data set."""

    def scenes(source: SceneSource) -> Scenes:
        return source.scenes("train")

    options = {"sprites": Bundled(), "overlap": "cover", "visible": 0.5, "canvas": 40}
    known = scenes(SpritesOnCanvas(**options, train=N))
    first = scenes(SpritesOnCanvas(**options, train=10, endless=True))
    images, truth = first.stream.at(torch.arange(5 * N, 6 * N), known.known)
    return replace(first, **vars(truth), images=images), known


def z_of(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """How far two samples' means are apart, in standard errors."""
    error = (one.var(0) / len(one) + other.var(0) / len(other)).sqrt()
    return (one.mean(0) - other.mean(0)) / error.clamp(min=1e-12)


def test_counts_labels_and_sizes_are_as_frequent_as_in_a_data_set(pair):
    for name, values in (("counts", 5), ("labels", 10)):
        found = [getattr(each, name) for each in pair]
        drawn = [torch.nn.functional.one_hot(each[each >= 0], values).double() for each in found]
        assert z_of(*drawn).abs().max() < 4.5, name
    sides = [each.attributes["side"] for each in pair]
    drawn = [torch.nn.functional.one_hot(s[s > 0] - 14, 7).double() for s in sides]
    assert z_of(*drawn).abs().max() < 4.5


def test_places_are_those_of_a_data_set(pair):
    centres = [(s.boxes[..., :2] + s.boxes[..., 2:])[s.labels >= 0] / 2 for s in pair]
    bins = [torch.nn.functional.one_hot((c / 4).long(), 10).double().flatten(1) for c in centres]
    assert z_of(*bins).abs().max() < 4.5
    several = [s.counts >= 2 for s in pair]
    apart = [
        (s.boxes[k, 0] - s.boxes[k, 1])[:, :2].pow(2).sum(1).sqrt().double()
        for s, k in zip(pair, several, strict=True)
    ]
    bins = [torch.nn.functional.one_hot((a / 5).long().clamp(max=6), 7).double() for a in apart]
    assert z_of(*bins).abs().max() < 4.5


def test_visible_shares_are_those_of_a_data_set(pair):
    shares = [s.attributes["visible"][s.labels >= 0] for s in pair]
    bins = [torch.nn.functional.one_hot((10 * s).long(), 11).double() for s in shares]
    assert all(s.min() >= 0.5 for s in shares)
    assert (bins[0].mean(0) > 0.01).sum() >= 5  # objects do cover each other
    assert z_of(*bins).abs().max() < 4.5


def test_intensities_are_those_of_a_data_set(pair):
    images = [s.images.flatten(1) for s in pair]
    bins = [
        torch.stack([((i // 32) == level).double().mean(1) for level in range(8)], 1)
        for i in images
    ]
    assert z_of(*bins).abs().max() < 4.5
    rows = [s.images.double().mean((1, 3)) for s in pair]
    assert z_of(*rows).abs().max() < 4.5


def test_neighbours_in_a_stream_know_nothing_of_each_other(pair):
    """A scene and the next one: their counts and the places of their first objects."""
    endless, _ = pair
    values = [endless.counts.double(), endless.boxes[:, 0, 0].double()]
    for value in values:
        centred = value - value.mean()
        correlation = (centred[1:] * centred[:-1]).mean() / centred.var()
        assert abs(correlation) * math.sqrt(N) < 4
