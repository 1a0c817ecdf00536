"""Multi-MNIST after other implementations of AIR."""

import math

import numpy as np
import pytest
import torch

from objcentric_scenes.bundled import Bundled
from objcentric_scenes.multi_mnist_variants import (
    PYRO_SIDES,
    DisjointMultiMnist,
    PyroMultiMnist,
)


def test_pyros_sides_are_those_of_a_normal_factor():
    scale = np.random.default_rng(0).normal(1.3, 0.1, 200_000)
    sides, drawn = np.unique((28 / scale).astype(int), return_counts=True)
    n = len(scale)
    assert sum(PYRO_SIDES.values()) == 10_000
    for side, often in zip(sides, drawn, strict=True):
        p = PYRO_SIDES.get(int(side), 0) / 10_000
        rounding = n * 0.5 / 10_000
        assert abs(often - n * p) < 4 * math.sqrt(n * p * (1 - p)) + rounding


def test_pyros_digits_never_add_up_to_more_than_white():
    digits = Bundled()
    scenes = PyroMultiMnist(digits=digits, train=1000).scenes("train")
    two = scenes.counts == 2
    first, second = scenes.boxes[two].unbind(1)
    shared = torch.minimum(first[:, 2:], second[:, 2:]) - torch.maximum(first[:, :2], second[:, :2])
    assert (shared > 0).all(1).sum() > 20  # margins overlap
    assert scenes.counts.unique().tolist() == [0, 1, 2]
    assert scenes.images.shape[1:] == (1, 50, 50)
    side = scenes.attributes["side"][scenes.labels >= 0].double()
    n = len(side)
    assert abs(side.mean() - 21.05) < 4 * side.std() / math.sqrt(n) + 0.05


def test_disjoint_digits_have_tight_boxes_that_share_no_pixel():
    scenes = DisjointMultiMnist(digits=Bundled(), train=600).scenes("train")
    first, second = scenes.boxes[scenes.counts == 2].unbind(1)
    shared = torch.minimum(first[:, 2:], second[:, 2:]) - torch.maximum(first[:, :2], second[:, :2])
    assert (shared.amin(1) <= 0).all()
    assert (shared.amin(1) == 0).any()  # they may touch
    for n in (scenes.counts > 0).nonzero()[:40, 0]:
        for m in range(int(scenes.counts[n])):
            y, x = (scenes.segmentation[n] == m + 1).nonzero(as_tuple=True)
            ink = torch.stack([x.min(), y.min(), x.max() + 1, y.max() + 1])
            assert torch.equal(scenes.boxes[n, m], ink.float())


def test_digits_without_margins_may_touch_every_edge():
    scenes = DisjointMultiMnist(digits=Bundled(), train=600, counts=(1,)).scenes("train")
    assert scenes.boxes[..., :2].amin((0, 1)).tolist() == [0, 0]
    assert scenes.boxes[..., 2:].amax((0, 1)).tolist() == [50, 50]


def test_the_papers_splits_by_count_can_be_asked_for():
    more = PyroMultiMnist(digits=Bundled(), train=30, test=30, test_counts=(3,))
    assert more.scenes("train").counts.unique().tolist() == [0, 1, 2]
    assert more.scenes("test").counts.unique().tolist() == [3]
    between = DisjointMultiMnist(
        digits=Bundled(), train=30, test=30, counts=(0, 1, 3), test_counts=(2,)
    )
    assert between.scenes("train").counts.unique().tolist() == [0, 1, 3]
    assert between.scenes("test").counts.unique().tolist() == [2]


@pytest.mark.parametrize(
    ("source", "sha256"),
    [
        (PyroMultiMnist, "15f8d7b5af57c8a985aa7e5f0c01ee45780a54173ed59592dd698511fff57a4c"),
        (DisjointMultiMnist, "3f25150ea1266701cceeccba4f703b0d4a61a341a8e323b74803fa863384c246"),
    ],
)
def test_the_scenes_are_these_on_every_machine(source, sha256):
    assert source(digits=Bundled(), test=30).scenes("test").sha256 == sha256
