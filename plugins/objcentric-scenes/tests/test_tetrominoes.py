"""Scenes of three tetrominoes."""

import hashlib

import numpy as np
import pytest
import torch

from objcentric_scenes.tetromino_shapes import CELL, SHAPES
from objcentric_scenes.tetrominoes import Tetrominoes


@pytest.fixture(scope="module")
def scenes():
    return Tetrominoes(train=400, validation=100, test=100).scenes("train")


def test_there_are_the_nineteen_fixed_tetrominoes():
    shapes = {tuple(sorted(map(tuple, shape.tolist()))) for shape in SHAPES}
    assert len(shapes) == len(SHAPES) == 19
    for shape in SHAPES:  # four cells, each next to another one
        distance = np.abs(shape[:, None] - shape[None]).sum(-1)
        assert (np.sort(distance, axis=1)[:, 1] == 1).all()


def test_every_piece_has_all_of_its_cells(scenes):
    for m in range(3):
        area = (scenes.segmentation == m + 1).sum((1, 2))
        assert (area == 4 * CELL**2).all()  # no piece covers any part of another one


def test_a_piece_fills_its_box_and_has_one_colour(scenes):
    for scene in range(40):
        for m in range(3):
            y, x = (scenes.segmentation[scene] == m + 1).nonzero(as_tuple=True)
            box = torch.stack([x.min(), y.min(), x.max() + 1, y.max() + 1]).float()
            assert torch.equal(scenes.boxes[scene, m], box)
            assert torch.equal(scenes.attributes["position"][scene, m], box[:2].long())
            lit = scenes.images[scene][:, y, x] > 0  # (3, pixels): which primaries are there
            assert (lit == lit[:, :1]).all()


def test_all_shapes_colours_and_positions_occur(scenes):
    assert scenes.labels.unique().tolist() == list(range(19))
    assert scenes.attributes["color"].unique().tolist() == list(range(6))
    assert scenes.boxes.min() == 0
    assert scenes.boxes.max() == 35


def test_black_is_background_and_nothing_else(scenes):
    lit = scenes.images.amax(1) > 0
    assert torch.equal(lit, scenes.segmentation > 0)


def test_fewer_scenes_are_the_first_of_more(scenes):
    fewer = Tetrominoes(train=50).scenes("train")
    assert torch.equal(fewer.images, scenes.images[:50])


def test_the_scenes_are_these_on_every_machine():
    images = Tetrominoes(test=20).scenes("test").images.numpy().tobytes()
    assert hashlib.sha256(images).hexdigest().startswith("cdc97a70182f")
