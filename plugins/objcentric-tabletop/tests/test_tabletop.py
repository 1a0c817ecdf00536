"""The renderer of objects on a table."""

import pytest
import torch
from torch import Tensor

from objcentric.scene import RequestedScene
from objcentric_composition.depth_over import DepthOver
from objcentric_tabletop.camera import BEHIND
from objcentric_tabletop.ray_caster import CLASSES
from objcentric_tabletop.table_window import TableWindow
from objcentric_tabletop.tabletop import Tabletop

REQUESTED = RequestedScene((3, 36, 48), objects=3, what_dim=8, glimpse=16)


def what_of(label: int, turn: float = 0.3) -> Tensor:
    """The code of a bright object of one class, (1, 1, 8)."""
    classes = torch.full((3,), -6.0)
    classes[label] = 6.0
    angle = torch.tensor(4 * turn)
    rest = torch.stack([angle.cos(), angle.sin()])
    return torch.cat([classes, torch.full((3,), 3.0), rest]).double().reshape(1, 1, 8)


def at(x: float, y: float) -> Tensor:
    return torch.tensor([[[x, y]]], dtype=torch.float64)


def canvas(renderer: Tabletop, what: Tensor, where: Tensor) -> Tensor:
    layers = renderer(what, where)
    assert layers.alpha is not None
    return layers.color * layers.alpha


def test_it_draws_the_scenes_from_what_is_true_of_them(build, codes, scenes):
    renderer = build(blur=0.3)
    presence = (scenes.labels >= 0).double().unsqueeze(0)
    drawn = DepthOver()(renderer(*codes(scenes)), presence)[0]
    off = (drawn - scenes.images / 255).abs()
    assert off.mean() < 0.004
    assert (off > 0.25).double().mean() < 0.001  # softer outlines


def test_it_says_what_its_codes_mean_in_the_terms_of_the_scenes(build, codes, scenes):
    found = build().attributes(*codes(scenes))
    there = scenes.labels >= 0
    assert found.keys() == Tabletop.attribute_names
    assert torch.equal(found["label"][there], scenes.labels[there])
    for name, tolerance in (("color", 0.02), ("position", 1e-6)):
        true = scenes.attributes[name].double()[there]
        torch.testing.assert_close(found[name][there], true, atol=tolerance, rtol=0)
    cubes = scenes.labels == CLASSES.index("cube")
    off = (found["rotation"] - scenes.attributes["rotation"])[cubes]
    assert (off - off.round()).abs().max() < 1e-6  # 0 and 1 quarter turns are the same


@pytest.mark.parametrize("label", range(3))
@pytest.mark.parametrize("offset", [(0.15, 0.0), (-0.15, 0.0), (0.0, 0.2), (0.0, -0.2)])
def test_from_a_small_offset_the_gradient_leads_back(build, label, offset):
    renderer = build()
    target = canvas(renderer, what_of(label), at(0.2, -0.1))
    where = at(0.2 + offset[0], -0.1 + offset[1]).requires_grad_()
    error = (canvas(renderer, what_of(label), where) - target).square().sum()
    (slope,) = torch.autograd.grad(error, where)
    step = slope.flatten() @ torch.tensor(offset, dtype=torch.float64)
    assert step > 0.5 * slope.norm() * torch.tensor(offset).norm()


@pytest.mark.parametrize("true", range(3))
@pytest.mark.parametrize("start", range(3))
def test_from_any_class_the_gradient_leads_to_the_true_one(build, true, start):
    renderer, where = build(), at(0.1, 0.1)
    target = canvas(renderer, what_of(true), where)
    what = what_of(true)
    what[..., :3] = 0.0
    what[..., start] = 0.3
    what.requires_grad_()
    error = (canvas(renderer, what, where) - target).square().sum()
    (slope,) = torch.autograd.grad(error, what)
    assert slope[0, 0, :3].argmin() == true


def test_the_gradient_of_a_rotation_leads_back(build):
    renderer, where = build(), at(0.0, 0.0)
    target = canvas(renderer, what_of(0, turn=0.3), where)
    for turn in (0.15, 0.45):
        what = what_of(0, turn=turn).requires_grad_()
        error = (canvas(renderer, what, where) - target).square().sum()
        (slope,) = torch.autograd.grad(error, what)
        c, s = what[0, 0, -2:].tolist()
        along = -s * slope[0, 0, -2] + c * slope[0, 0, -1]  # of the angle
        assert along * (turn - 0.3) > 0


@pytest.mark.parametrize("label", range(3))
def test_an_object_lies_in_its_window(build, label):
    renderer, glimpser = build(blur=0.2), TableWindow(REQUESTED)
    for where in (at(0.0, 0.0), at(-0.9, 0.9), at(0.9, -0.9), at(0.5, 0.3)):
        alpha = renderer(what_of(label), where).alpha[0, 0, 0]
        rows, columns = (alpha > 0.5).any(1).nonzero(), (alpha > 0.5).any(0).nonzero()
        x0, y0, x1, y1 = glimpser.boxes(where)[0, 0].tolist()
        assert x0 <= columns.min()
        assert columns.max() + 1 <= x1
        assert y0 <= rows.min()
        assert rows.max() + 1 <= y1


def test_wherever_it_stands_a_cube_without_a_turn_faces_the_viewer(build):
    where = torch.tensor([[[-0.9, 0.3], [0.0, 0.0], [0.6, -0.8]]], dtype=torch.float64)
    what = what_of(0, turn=0.0).expand(1, 3, 8)
    found = build().attributes(what, where)["rotation"][0]
    sight = torch.atan2(where[0, :, 1] + BEHIND, where[0, :, 0]) / (torch.pi / 2)
    off = found - sight
    assert (off - off.round()).abs().max() < 1e-9


def test_the_nearer_object_has_the_smaller_depth(build):
    where = torch.tensor([[[0.0, -1.0], [0.0, 0.0], [0.0, 1.0]]], dtype=torch.float64)
    depth = build()(what_of(0).expand(1, 3, 8), where).depth
    assert (depth.diff() > 0).all()


def test_without_a_rotation_cubes_face_the_viewer():
    scene = RequestedScene((3, 36, 48), objects=1, what_dim=6, glimpse=16)
    renderer = Tabletop(scene.settled(TableWindow.where_spec)).double()
    image = canvas(renderer, what_of(0)[..., :6], at(0.0, 0.0))
    torch.testing.assert_close(image.sum((1, 2)).flip(-1), image.sum((1, 2)), atol=1e-6, rtol=0)


def several(cubes: int) -> Tabletop:
    """A renderer of cubes at several angles, in double precision."""
    scene = RequestedScene((3, 36, 48), objects=1, what_dim=7 + cubes, glimpse=16)
    return Tabletop(scene.settled(TableWindow.where_spec), cube_angles=cubes).double()


def code(logits: list[float], turn: float) -> Tensor:
    """The code of a bright object, (1, 1, what); the rotation's direction is `turn`."""
    angle = torch.tensor(turn)
    rest = torch.stack([angle.cos(), angle.sin()])
    return torch.cat([torch.tensor(logits), torch.full((3,), 3.0), rest]).double()[None, None]


@pytest.mark.parametrize("index", range(4))
def test_each_of_several_cubes_is_one_cube_at_an_angle_of_its_own(build, index):
    logits, where = [-6.0] * 6, at(0.3, -0.2)
    logits[index] = 6.0
    one, many = what_of(0, turn=(index + 0.25) * torch.pi / 8), code(logits, 0.5 * torch.pi)
    torch.testing.assert_close(
        canvas(several(4), many, where), canvas(build(), one, where), atol=1e-3, rtol=0
    )
    found, true = several(4).attributes(many, where), build().attributes(one, where)
    assert found["label"].item() == 0
    torch.testing.assert_close(found["rotation"], true["rotation"])


def test_where_the_turn_of_one_cube_ends_that_of_the_next_begins():
    end = canvas(several(3), code([9.0, 0.0, 0.0, 0.0, 0.0], torch.pi - 1e-6), at(0.0, 0.0))
    begin = canvas(several(3), code([0.0, 9.0, 0.0, 0.0, 0.0], -torch.pi + 1e-6), at(0.0, 0.0))
    torch.testing.assert_close(end, begin, atol=1e-4, rtol=0)


def test_cubes_at_several_angles_are_one_class():
    logits = [0.0, 0.0, 0.0, -9.0, 0.2]
    assert several(3).attributes(code(logits, 0.0), at(0.0, 0.0))["label"].item() == 0


@pytest.mark.parametrize("turn", [step / 12 for step in range(12)])
def test_however_a_cube_is_turned_one_of_several_fits_better_than_a_cylinder(build, turn):
    where = at(0.1, 0.2)
    target = canvas(build(), what_of(0, turn=turn * torch.pi / 2), where)
    renderer, errors = several(4), []
    for solid in range(6):
        logits = [-6.0] * 6
        logits[solid] = 6.0
        drawn = canvas(renderer, code(logits, 0.0), where)
        errors.append((drawn - target).square().sum().item())
    assert min(errors[:4]) < 0.7 * errors[5]


@pytest.mark.parametrize("what_dim", [5, 7, 9])
def test_codes_of_other_sizes_are_refused(what_dim):
    scene = RequestedScene((3, 36, 48), objects=1, what_dim=what_dim, glimpse=16)
    with pytest.raises(ValueError, match=r"what_dim must be 8 .* or 6"):
        Tabletop(scene.settled(TableWindow.where_spec))
