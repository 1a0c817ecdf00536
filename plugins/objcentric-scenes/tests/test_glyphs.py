"""Scenes of handwritten characters."""

import math
import os
from pathlib import Path

import pytest

from objcentric.errors import ObjcentricError
from objcentric_scenes.glyphs import Glyphs
from objcentric_scenes.omniglot import Omniglot


def test_none_to_three_characters_are_equally_frequent(noise):
    counts = Glyphs(glyphs=noise, train=1000).scenes("train").counts.bincount()
    z = (counts - 250) / math.sqrt(1000 * (1 / 4) * (3 / 4))
    assert len(z) == 4
    assert z.abs().max() < 4


def test_sides_are_20_to_28_pixels_and_keep_to_the_canvas(noise):
    scenes = Glyphs(glyphs=noise, train=300).scenes("train")
    present = scenes.boxes[..., 2] > 0
    sides = (scenes.boxes[..., 2:] - scenes.boxes[..., :2])[present]
    assert sides.unique().tolist() == list(range(20, 29))
    assert scenes.boxes.max() <= 64
    assert scenes.images.shape[1:] == (1, 64, 64)


def test_a_canvas_below_the_largest_side_is_refused(noise):
    with pytest.raises(ObjcentricError, match="28 pixels"):
        Glyphs(glyphs=noise, canvas=27)


def test_test_scenes_show_characters_of_alphabets_never_seen():
    root = os.environ.get("OBJCENTRIC_DATA")
    if not root or not (Path(root) / "omniglot").is_dir():
        pytest.skip("OBJCENTRIC_DATA names no folder with Omniglot")
    source = Glyphs(glyphs=Omniglot(), train=100, validation=100, test=100)
    splits = [set(source.scenes(s).labels.unique().tolist()) for s in ("train", "validation")]
    test = set(source.scenes("test").labels.unique().tolist())
    assert [seen & test for seen in splits] == [{-1}, {-1}]
