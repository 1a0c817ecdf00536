"""Cutting a group of pixels in two."""

import pytest
import torch
from einops import reduce
from torch import Tensor

from objcentric_schedulers.cuts import cut_the_worst
from objcentric_schedulers.groups import Groups, middle

WINDOW = torch.tensor([12.0, 12.0])
SQUARE = 4


def image_of(*corners: tuple[int, int]) -> Tensor:
    """Squares on black, (1, 1, H, W); each corner is a row and a column."""
    image = torch.zeros(1, 1, 20, 26)
    for row, column in corners:
        image[..., row : row + SQUARE, column : column + SQUARE] = 0.8
    return image


def whole(foreground: Tensor, slots: int = 2) -> Groups:
    """One group of all that is not black, and empty ones."""
    shares = torch.zeros(len(foreground), slots, *foreground.shape[-2:])
    shares[:, 0] = foreground[:, 0] > 0
    start = torch.zeros(len(foreground), 2)
    place = middle(shares[:, 0], start)
    places = torch.stack([place] + [start] * (slots - 1), 1)
    return Groups(shares, places, torch.ones(len(foreground), slots))


class DrawsSquares:
    """Draws the best square, as a decoder would that has seen nothing else."""

    def __init__(self, foreground: Tensor) -> None:
        self.foreground = foreground
        self.asked = 0

    def __call__(self, images: Tensor, groups: Groups) -> Tensor:
        self.asked += len(images)
        alone = groups.shares * self.foreground[images]
        covered = torch.nn.functional.avg_pool2d(alone, SQUARE, stride=1).amax((2, 3)) * SQUARE**2
        total = reduce(alone.square(), "b k h w -> b k", "sum")
        # The error of the best square: what it leaves out, and what it draws without need.
        return total - 2 * 0.8 * covered + 0.8**2 * SQUARE**2 * (total > 0)


@pytest.mark.parametrize("other", [(4, 9), (8, 5), (8, 7), (6, 9), (1, 9)])
def test_two_objects_that_touch_are_parted(other: tuple[int, int]) -> None:
    foreground = image_of((4, 5), other)
    cut = cut_the_worst(foreground, whole(foreground), DrawsSquares(foreground), WINDOW, 8)
    parts = cut.shares[0, [0, -1]].bool()
    expected = {tuple(image_of(each)[0, 0].gt(0).flatten().tolist()) for each in ((4, 5), other)}
    assert {tuple(part.flatten().tolist()) for part in parts} == expected
    height, width = foreground.shape[-2:]
    for part, place in zip(parts, cut.places[0, [0, -1]], strict=True):
        row, column = (line.double().mean() for line in torch.nonzero(part, as_tuple=True))
        expected_place = torch.stack([(2 * column + 1) / width - 1, (2 * row + 1) / height - 1])
        torch.testing.assert_close(place.double(), expected_place, atol=1e-5, rtol=0)


def test_what_is_drawn_of_an_empty_group_keeps_no_other_from_being_cut() -> None:
    foreground = image_of((4, 5), (4, 9))
    squares = DrawsSquares(foreground)

    def error(images: Tensor, groups: Groups) -> Tensor:
        empty = groups.shares.sum((2, 3)) == 0
        return torch.where(empty, 1e3, squares(images, groups))

    cut = cut_the_worst(foreground, whole(foreground), error, WINDOW, 8)
    assert cut.shares.sum((2, 3)).tolist() == [[16, 0, 16]]


def test_what_is_drawn_well_is_not_cut() -> None:
    foreground = image_of((4, 5))
    groups, error = whole(foreground), DrawsSquares(foreground)
    cut = cut_the_worst(foreground, groups, error, WINDOW, 8)
    torch.testing.assert_close(cut.shares[:, :-1], groups.shares)
    assert not cut.shares[:, -1].any()
    assert error.asked == 1  # no cut was tried


def test_what_no_cut_draws_better_stays_whole() -> None:
    """The decoder draws nothing at all, of the group or of any part of it."""
    foreground = image_of((4, 5))
    groups = whole(foreground)

    def error(images: Tensor, some: Groups) -> Tensor:
        return reduce((some.shares * foreground[images]).square(), "b k h w -> b k", "sum")

    cut = cut_the_worst(foreground, groups, error, WINDOW, 8)
    torch.testing.assert_close(cut.shares[:, :-1], groups.shares)
    assert not cut.shares[:, -1].any()


def test_each_image_is_cut_as_if_it_were_alone() -> None:
    scenes = [image_of((4, 5), (4, 9)), image_of((4, 5)), image_of((2, 3), (6, 3))]
    together = torch.cat(scenes)
    cut = cut_the_worst(together, whole(together), DrawsSquares(together), WINDOW, 8)
    for index, scene in enumerate(scenes):
        alone = cut_the_worst(scene, whole(scene), DrawsSquares(scene), WINDOW, 8)
        torch.testing.assert_close(cut.shares[index], alone.shares[0])
        torch.testing.assert_close(cut.places[index], alone.places[0])
    sizes = cut.shares.sum((2, 3))
    assert sizes.tolist() == [[16, 0, 16], [16, 0, 0], [16, 0, 16]]
