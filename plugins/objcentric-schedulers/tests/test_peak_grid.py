"""One slot for each cell of a grid, at the highest peak of the cell."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from objcentric.blocks.aim import centres
from objcentric.interfaces.perception import Perception
from objcentric.presence import IndependentPresence
from objcentric.scene import SceneSpec, WhereSpec
from objcentric_schedulers.peak_grid import PeakGrid, highest, peaks

Perceive = Callable[..., Perception]
BRIGHT, DIM = (6, 18), (13, 4)
"""Row and column of the middles of two blobs, the first one brighter."""
BRIGHT_CELL, DIM_CELL = 1, 2
"""Of 2 × 2 cells, 10 pixels high and 13 wide."""


@pytest.fixture
def blobs(scene: SceneSpec) -> Tensor:
    image = torch.zeros(1, *scene.image_shape)
    for (row, column), intensity in ((BRIGHT, 1.0), (DIM, 0.4)):
        image[0, 0, row - 1 : row + 2, column - 1 : column + 2] = intensity
    return image


def middle(scene: SceneSpec, pixel: tuple[int, int]) -> Tensor:
    """The pixel's centre, in [-1, 1]."""
    _, height, width = scene.image_shape
    return torch.tensor([(pixel[1] + 0.5) / width, (pixel[0] + 0.5) / height]) * 2 - 1


def test_a_new_window_has_the_prior_s_size_and_is_centred_at_the_peak_of_its_cell(
    scene: SceneSpec, blobs: Tensor, perceive: Perceive
) -> None:
    perception = perceive(scene, calm=True)
    drafts = PeakGrid(scene, cells=2)(blobs, perception)
    where = drafts.where.distribution.mean
    found = centres(where, perception.glimpser)[0]
    torch.testing.assert_close(found[BRIGHT_CELL], middle(scene, BRIGHT))
    torch.testing.assert_close(found[DIM_CELL], middle(scene, DIM))
    assert (where[..., 0] == scene.where.loc[0]).all()


def test_there_is_a_slot_for_each_cell_whatever_the_number_of_objects(
    scene: SceneSpec, perceive: Perceive
) -> None:
    grid = PeakGrid(scene, cells=3)
    drafts = grid(torch.rand(1, *scene.image_shape), perceive(scene))
    assert grid.slots == 9
    assert isinstance(drafts.presence, IndependentPresence)
    assert drafts.layers.color.shape == (1, 9, *scene.image_shape)


def test_an_object_beside_a_border_of_cells_is_a_peak_in_one_of_them_alone(
    scene: SceneSpec,
) -> None:
    """Wherever it lies, though several cells start on its slope."""
    window = torch.tensor([8.0, 8.0])
    for column in range(9, 17):
        image = torch.zeros(1, *scene.image_shape)
        image[..., 4:7, column - 1 : column + 2] = 1.0
        place, height, is_peak = PeakGrid(scene, cells=2, apart=3).places(image, window)
        assert is_peak.sum() == 1
        assert (height > 0).sum() > 1 or column in (9, 16)
        torch.testing.assert_close(place[is_peak][0], middle(scene, (5, column)))


def test_a_cell_prefers_its_own_dim_peak_to_the_slope_of_a_bright_one(scene: SceneSpec) -> None:
    image = torch.zeros(1, *scene.image_shape)
    image[..., 5, 13] = 1.0  # the first column of the second cell
    image[..., 5, 5] = 0.3
    place, _, is_peak = PeakGrid(scene, cells=2, apart=3).places(image, torch.tensor([8.0, 8.0]))
    assert is_peak[0, 0]
    torch.testing.assert_close(place[0, 0], middle(scene, (5, 5)))


def test_nothing_is_a_peak_of_a_black_image(scene: SceneSpec) -> None:
    image = torch.zeros(1, *scene.image_shape)
    place, height, is_peak = PeakGrid(scene).places(image, torch.tensor([8.0, 8.0]))
    assert not is_peak.any()
    assert (height == 0).all()
    assert (place.abs() < 1).all()


def test_of_peaks_that_are_close_only_the_higher_one_counts() -> None:
    line = torch.tensor([[[0.0, 0.5, 0.0, 0.0, 1.0, 0.0, 0.0]]])
    assert peaks(line, 2)[0, 0].tolist() == [False, True, False, False, True, False, False]
    assert peaks(line, 3)[0, 0].tolist() == [False, False, False, False, True, False, False]


@pytest.mark.parametrize("cells", [1, 2, 3, 5])
def test_every_pixel_belongs_to_one_cell_whose_highest_pixel_is_found(cells: int) -> None:
    """Also where the number of cells does not divide the sides."""
    salience = torch.rand(4, 7, 9)
    pixel = highest(salience, cells)
    row, column = pixel // 9, pixel % 9
    cell = row * cells // 7 * cells + column * cells // 9
    assert (cell == torch.arange(cells**2)).all()
    height = salience.flatten(1).gather(1, pixel)
    for y in range(7):
        for x in range(9):
            own = y * cells // 7 * cells + x * cells // 9
            assert (height[:, own] >= salience[:, y, x]).all()


def test_at_first_only_cells_with_a_peak_hold_an_object(
    scene: SceneSpec, blobs: Tensor, perceive: Perceive
) -> None:
    grid = PeakGrid(scene, cells=2, presence_bias=1.5, slope_bias=-2.5)
    logits = grid(blobs, perceive(scene)).presence.logits
    assert logits.tolist() == [[-2.5, 1.5, 1.5, -2.5]]


def test_presence_may_depend_on_whether_a_cell_has_a_peak(
    scene: SceneSpec, blobs: Tensor, perceive: Perceive
) -> None:
    grid = PeakGrid(scene, cells=2, presence_bias=0.0, slope_bias=0.0)
    with torch.no_grad():
        for parameter in grid.network.parameters():
            parameter.zero_()
        grid.network[0].weight[0, -1] = 1.0
        grid.network[-1].weight[0, 0] = 3.0
    logits = grid(blobs, perceive(scene)).presence.logits
    assert logits.tolist() == [[0.0, 3.0, 3.0, 0.0]]


def test_a_trained_scheduler_takes_any_number_of_cells(
    scene: SceneSpec, blobs: Tensor, perceive: Perceive
) -> None:
    few, many = PeakGrid(scene, cells=2), PeakGrid(scene, cells=4)
    many.load_state_dict(few.state_dict())
    assert many(blobs, perceive(scene)).presence.logits.shape == (1, 16)


def test_a_glimpser_without_x_and_y_is_refused(scene: SceneSpec) -> None:
    spec = replace(scene, where=WhereSpec(("brightness",), (1.0,), (0.5,)))
    with pytest.raises(ValueError, match="coordinates x and y"):
        PeakGrid(spec)
