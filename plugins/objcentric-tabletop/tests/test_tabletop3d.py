"""Scenes of objects on a table."""

import pytest
import torch

from objcentric_tabletop import table_view
from objcentric_tabletop.camera import Camera
from objcentric_tabletop.ray_caster import MIDDLE
from objcentric_tabletop.tabletop3d import APART, COLORS, Tabletop3d

COUNTS, BRIGHTNESS = [2, 1, 1, 0, 3, 3, 3, 2], 7.0552469135802465
"""Of the first scenes of up to three objects."""


def test_counts_classes_and_colours_all_occur():
    scenes = Tabletop3d(train=150).scenes("train")
    assert scenes.counts.unique().tolist() == [0, 1, 2]
    assert scenes.labels.unique().tolist() == [-1, 0, 1, 2]
    assert len(scenes.attributes["color"].flatten(0, 1).unique(dim=0)) == len(COLORS) + 1


def test_an_object_is_seen_where_its_position_says(scenes):
    where = 2 * scenes.attributes["position"].double()
    right, down = Camera(36, 48).project(*where.unbind(-1), MIDDLE)
    middles = (scenes.boxes[..., :2] + scenes.boxes[..., 2:]) / 2
    off = torch.stack([right, down], -1) - middles
    assert off[scenes.labels >= 0].abs().max() < 1.5


def test_objects_do_not_touch(scenes):
    where = 2 * scenes.attributes["position"].double()
    distance = torch.cdist(where, where) + 10 * torch.eye(3)
    there = scenes.labels >= 0
    pairs = there.unsqueeze(1) & there.unsqueeze(2)
    assert distance[pairs].min() >= APART


def test_pixels_have_the_colour_of_the_object_that_is_there(scenes):
    for scene, m in (scenes.labels >= 0).nonzero().tolist():
        there = scenes.segmentation[scene] == m + 1
        pixels = scenes.images[scene][:, there].double() / 255
        brightest = pixels[:, pixels.sum(0).argmax()]
        color = scenes.attributes["color"][scene, m].double()
        assert (brightest / brightest.norm() - color / color.norm()).norm() < 0.05


def test_at_least_about_half_of_each_object_is_visible(scenes):
    alone = Tabletop3d(train=50, most=1).scenes("train")
    assert scenes.segmentation.shape == alone.segmentation.shape
    for scene, m in (scenes.labels >= 0).nonzero().tolist():
        visible = (scenes.segmentation[scene] == m + 1).sum()
        x0, y0, x1, y1 = scenes.boxes[scene, m]
        assert visible > 0.3 * (x1 - x0) * (y1 - y0)  # of which it fills two thirds or more


def test_the_background_is_black(scenes):
    empty = scenes.counts == 0
    assert empty.any()
    assert not scenes.images[empty].any()
    assert not scenes.segmentation[empty].any()


def test_only_cubes_have_a_rotation(scenes):
    rotation = scenes.attributes["rotation"]
    assert not rotation[scenes.labels != 0].any()
    assert 0 < rotation[scenes.labels == 0].max() < 1


def test_fewer_scenes_are_the_first_of_more(scenes):
    fewer = Tabletop3d(train=7, most=3).scenes("train")
    assert torch.equal(fewer.images, scenes.images[:7])
    assert torch.equal(fewer.attributes["position"], scenes.attributes["position"][:7])


def test_no_pixel_is_so_close_to_a_rounding_boundary_that_machines_could_differ(monkeypatch):
    margins = []

    def watched(light, colors, pattern):
        image = original(light, colors, pattern)
        margins.append(((255 * image) % 1 - 0.5).abs().min())
        return image

    original = table_view.einsum
    monkeypatch.setattr(table_view, "einsum", watched)
    Tabletop3d(test=150).scenes("test")
    assert min(margins) > 1e-9  # in double precision they would differ by 1e-12 or less


def test_the_scenes_are_these_on_every_machine(scenes):
    # Sums, not a digest: a single ray more or less, in theory, would not be a fault.
    assert scenes.counts.tolist()[:8] == COUNTS
    assert scenes.images.double().mean().item() == pytest.approx(BRIGHTNESS, rel=1e-4)
