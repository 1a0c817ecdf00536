"""Groups of pixels of like colour, and one object for each."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from objcentric.blocks.aim import centres
from objcentric.interfaces.perception import Perception
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec
from objcentric_schedulers import color_groups
from objcentric_schedulers.color_groups import ColorGroups
from objcentric_schedulers.groups import Groups, in_one_piece, middle

Perceive = Callable[..., Perception]
WINDOW = torch.tensor([8.0, 8.0])
RED, GREEN = (0.9, 0.1, 0.1), (0.1, 0.7, 0.2)


@pytest.fixture
def colored(scene: SceneSpec) -> SceneSpec:
    in_color = {"image_shape": (3, *scene.image_shape[1:])}
    return replace(scene, **in_color, glimpse_shape=(3, *scene.glimpse_shape[1:]))


@pytest.fixture
def touching(colored: SceneSpec) -> Tensor:
    """A red square, and a green one that hides its right third."""
    image = torch.zeros(1, *colored.image_shape)
    image[0, :, 4:10, 2:8] = torch.tensor(RED).view(3, 1, 1)
    image[0, :, 4:10, 6:12] = torch.tensor(GREEN).view(3, 1, 1)
    return image


def test_objects_of_two_colours_that_touch_are_two_groups(
    colored: SceneSpec, touching: Tensor
) -> None:
    shares = ColorGroups(colored, blur=0.5).groups(touching, WINDOW).shares[0]
    red, green = shares[:2].gt(0.5)
    if not red[4, 2]:
        red, green = green, red
    assert red[4:10, 2:6].all()
    assert red.sum() == 24
    assert green[4:10, 6:12].all()
    assert green.sum() == 36
    assert not shares[2:].gt(0.5).any()


def test_no_pixel_belongs_to_groups_by_more_than_one(colored: SceneSpec) -> None:
    image = torch.rand(2, *colored.image_shape)
    shares = ColorGroups(colored, likeness=0.5).groups(image, WINDOW).shares
    assert shares.min() >= 0
    assert shares.sum(1).max() <= 1 + 1e-6


def test_the_background_is_in_no_group(colored: SceneSpec, touching: Tensor) -> None:
    shares = ColorGroups(colored).groups(touching, WINDOW).shares
    assert not shares.sum(1)[0, 12:].any()


def test_a_darker_edge_belongs_to_its_object_if_shades_count(colored: SceneSpec) -> None:
    image = torch.zeros(1, *colored.image_shape)
    image[0, :, 3:8, 4:9] = torch.tensor(RED).view(3, 1, 1)
    image[0, :, 8, 4:9] = 0.3 * torch.tensor(RED).view(3, 1)
    with_shades = ColorGroups(colored, shade=0.2).groups(image, WINDOW).shares[0, 0]
    without = ColorGroups(colored).groups(image, WINDOW).shares[0, 0]
    assert with_shades[8, 4:9].gt(0.9).all()
    assert without[8, 4:9].lt(0.1).all()


def test_a_group_ends_at_its_reach(colored: SceneSpec) -> None:
    image = torch.zeros(1, *colored.image_shape)
    image[0, :, 3:6, 2:5] = torch.tensor(RED).view(3, 1, 1)
    image[0, :, 3:6, -5:-2] = torch.tensor(RED).view(3, 1, 1)
    shares = ColorGroups(colored, blur=0.4, reach=0.5).groups(image, WINDOW).shares[0]
    assert [int(share.gt(0.5).sum()) for share in shares[:2]] == [9, 9]


def test_a_new_window_is_centred_on_the_middle_of_its_group(
    colored: SceneSpec, touching: Tensor, perceive: Perceive
) -> None:
    perception = perceive(colored, calm=True)
    scheduler = ColorGroups(colored)
    drafts = scheduler(touching, perception)
    assert isinstance(drafts.presence, OrderedPresence)
    found = centres(drafts.where.distribution.mean, perception.glimpser)[0]
    _, height, width = colored.image_shape
    for column in (4.0, 9.0):  # the visible parts are 2 to 5 and 6 to 11, their edges in pixels
        expected = torch.tensor([2 * column / width - 1, 2 * 7.0 / height - 1])
        assert (found - expected).abs().amax(-1).min() < 0.02


def test_an_object_is_looked_at_without_the_one_that_hides_it(
    colored: SceneSpec, touching: Tensor, perceive: Perceive
) -> None:
    """What is green makes no difference to the glimpse of what is red."""
    perception = perceive(colored, calm=True)
    scheduler = ColorGroups(colored).eval()
    other = touching.clone()
    green = touching[0, 1] > 0.5
    other[0, :, green] = torch.tensor([0.1, 0.2, 0.7]).view(3, 1)
    red = touching[0, 0] > 0.5
    codes = []
    for image in (touching, other):
        first = scheduler.groups(image, WINDOW).shares[0].flatten(1)[:, red.flatten()].sum(1)
        codes.append(scheduler(image, perception).what.distribution.mean[0, first.argmax()])
    torch.testing.assert_close(codes[0], codes[1])


def test_more_slots_may_be_asked_of_it(colored: SceneSpec, perceive: Perceive) -> None:
    few = ColorGroups(colored)
    many = ColorGroups(replace(colored, objects=7))
    many.load_state_dict(few.state_dict())
    drafts = many(torch.rand(2, *colored.image_shape), perceive(replace(colored, objects=7)))
    assert drafts.layers.color.shape[:2] == (2, 7)


def test_the_middle_of_nothing_is_what_is_given() -> None:
    given = torch.tensor([[0.25, -0.5]])
    torch.testing.assert_close(middle(torch.zeros(1, 6, 8), given), given)


def test_a_connected_group_is_in_one_piece(colored: SceneSpec) -> None:
    image = torch.zeros(1, *colored.image_shape)
    image[0, :, 3:6, 2:5] = torch.tensor(RED).view(3, 1, 1)
    image[0, :, 3:6, 7:10] = torch.tensor(RED).view(3, 1, 1)
    sizes = {
        connected: ColorGroups(colored, blur=0.4, connected=connected)
        .groups(image, WINDOW)
        .shares[0]
        .gt(0.5)
        .sum((1, 2))[:2]
        .tolist()
        for connected in (False, True)
    }
    assert sizes == {False: [18, 0], True: [9, 9]}


def test_a_piece_goes_round_corners_and_not_across_them() -> None:
    rows = ["#####..#", "....#...", "###.#.##", "#.#.#.#.", "#.#.###.", "#.......", "########"]
    mask = torch.tensor([[[each == "#" for each in row] for row in rows]])
    height, width = mask.shape[-2:]
    seed = torch.tensor([[(2 * 0 + 1) / width - 1, (2 * 0 + 1) / height - 1]])
    piece = in_one_piece(mask, seed)[0].bool()
    assert piece[0, :5].all()  # along the row, down, along, up, along
    assert piece[4, 4:7].all()
    assert piece[2, 6:].all()
    assert not piece[0, 7]
    assert not piece[2:, :3].any()
    assert not piece[6].any()
    alone = torch.tensor([[1 - 1 / width, 1 / height - 1]])
    assert in_one_piece(mask, alone)[0].nonzero().tolist() == [[0, 7]]
    nothing = torch.tensor([[1 - 1 / width, 3 / height - 1]])
    assert not in_one_piece(mask, nothing).any()


def test_training_cuts_no_group(
    colored: SceneSpec, perceive: Perceive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only inference does, so that trained weights are the same with and without `cuts`."""
    asked: list[int] = []

    def cut(foreground: Tensor, groups: Groups, *others: object) -> Groups:
        asked.append(len(foreground))
        return groups

    monkeypatch.setattr(color_groups, "cut_the_worst", cut)
    scheduler, image = ColorGroups(colored, cuts=4), torch.rand(2, *colored.image_shape)
    scheduler(image, perceive(colored))
    assert asked == []
    scheduler(image, perceive(colored, calm=True))
    assert set(asked) == {2}


def test_cuts_leave_as_many_slots(colored: SceneSpec, perceive: Perceive) -> None:
    """Untrained, the decoder draws every group badly, so all of them are candidates."""
    image = torch.zeros(1, *colored.image_shape)
    image[0, :, 3:6, 2:14] = torch.tensor(RED).view(3, 1, 1)
    behind = torch.full_like(image, 0.1)
    for perception in (perceive(colored, calm=True), perceive(colored, calm=True).before(behind)):
        seen = image if perception.behind is None else image + behind
        plain = ColorGroups(colored)(seen, perception)
        cut = ColorGroups(colored, cuts=4)(seen, perception)
        assert cut.layers.color.shape == plain.layers.color.shape
        assert cut.layers.color.isfinite().all()
