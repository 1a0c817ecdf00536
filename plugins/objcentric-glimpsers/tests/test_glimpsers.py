"""What every glimpser of this plugin has to do."""

from typing import Any

import pytest
import torch

from objcentric.interfaces import Glimpser
from objcentric_glimpsers.gaussian_filterbank import GaussianFilterbank

EXTREMES = (1e4, -1e4, 0.0)


def test_a_uniform_image_is_read_as_it_is_where_the_window_lies_on_the_canvas(
    glimpser, some_where, image
):
    where = some_where(glimpser) * 0 + torch.tensor(glimpser.where.loc, dtype=torch.float64)
    glimpses = glimpser.read(torch.full_like(image, 0.7), where)
    assert glimpses.shape == (4, 3, 2, 12, 12)
    torch.testing.assert_close(glimpses, torch.full_like(glimpses, 0.7), atol=1e-3, rtol=0)


def test_what_is_read_is_written_back_in_its_place(glimpser, some_where):
    y, x = torch.meshgrid(torch.arange(30.0), torch.arange(40.0), indexing="ij")
    smooth = torch.stack([0.5 + 0.02 * (x - 20), 0.5 + 0.02 * (y - 15)]).double()
    image = smooth.expand(4, 2, 30, 40)
    where = some_where(glimpser)
    if isinstance(glimpser, GaussianFilterbank):
        where[..., 3] = -1.0  # narrow filters, so that the blur ends within two pixels
    layers = glimpser.write(glimpser.read(image, where), where)
    # On what is well inside of both window and canvas, a linear image survives any interpolation.
    window = glimpser.write(torch.ones(4, 3, 1, 12, 12, dtype=torch.float64), where)
    inside = -torch.nn.functional.max_pool2d(-window.flatten(0, 1), 5, 1, 2).view_as(window) > 0.97
    inside[..., :3, :] = inside[..., -3:, :] = False
    inside[..., :, :3] = inside[..., :, -3:] = False
    assert inside.flatten(2).any(-1).float().mean() > 0.5
    error = (layers - image[:, None]).abs() * inside
    assert error.max() < 0.06


def test_writing_a_bright_patch_lights_the_box_and_nothing_beside_it(glimpser, some_where):
    where = some_where(glimpser)
    blur = 0.0
    if isinstance(glimpser, GaussianFilterbank):
        where[..., 3] = -1.0
        blur = 3.0
    patch = torch.ones(4, 3, 1, 12, 12, dtype=torch.float64)
    lit = glimpser.write(patch, where)[:, :, 0] > 0.02
    boxes = glimpser.boxes(where)
    for window, (x0, y0, x1, y1) in zip(lit.flatten(0, 1), boxes.flatten(0, 1), strict=True):
        rows, columns = window.any(1).nonzero(), window.any(0).nonzero()
        # A bilinear patch fades over one of its own pixels.
        margin_x, margin_y = blur + (x1 - x0) / 12 + 1, blur + (y1 - y0) / 12 + 1
        assert (columns.min() - x0.clamp(0, 40)).abs() <= margin_x
        assert (columns.max() + 1 - x1.clamp(0, 40)).abs() <= margin_x
        assert (rows.min() - y0.clamp(0, 30)).abs() <= margin_y
        assert (rows.max() + 1 - y1.clamp(0, 30)).abs() <= margin_y


def test_windows_of_a_batch_are_independent(glimpser, some_where, image):
    where = some_where(glimpser)
    one = glimpser.read(image[1:2], where[1:2, 2:3])
    torch.testing.assert_close(glimpser.read(image, where)[1:2, 2:3], one)
    patches = torch.rand(4, 3, 3, 12, 12, dtype=torch.float64)
    one = glimpser.write(patches[1:2, 2:3], where[1:2, 2:3])
    torch.testing.assert_close(glimpser.write(patches, where)[1:2, 2:3], one)


def test_the_gradient_of_where_is_that_of_finite_differences(glimpser, some_where, image):
    where = some_where(glimpser, 1)[:, :1].requires_grad_()
    patches = torch.rand(1, 1, 2, 12, 12, dtype=torch.float64)
    weights = torch.rand(1, 1, 2, 30, 40, dtype=torch.float64)
    settings: dict[str, Any] = {"eps": 1e-7, "atol": 1e-3, "rtol": 1e-3}
    assert torch.autograd.gradcheck(
        lambda w: (glimpser.write(patches, w) * weights).sum(), (where,), **settings
    )
    assert torch.autograd.gradcheck(
        lambda w: (glimpser.read(image[:1], w) * patches).sum(), (where,), **settings
    )
    grad = torch.autograd.grad((glimpser.write(patches, where) * weights).sum(), where)[0]
    assert (grad != 0).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_at_extremes_all_is_finite_gradients_included(glimpser: Glimpser, image, dtype):
    corners = torch.cartesian_prod(*[torch.tensor(EXTREMES, dtype=dtype)] * glimpser.where.dim)
    where = corners.reshape(1, -1, glimpser.where.dim).requires_grad_()
    image = image[:1].to(dtype).requires_grad_()
    patches = torch.rand(1, where.shape[1], 2, 12, 12, dtype=dtype, requires_grad=True)
    layers, glimpses = glimpser.write(patches, where), glimpser.read(image, where)
    boxes = glimpser.boxes(where)
    (layers.square().sum() + glimpses.square().sum() + 1e-6 * boxes.sum()).backward()
    for tensor in (layers, glimpses, boxes, where.grad, image.grad, patches.grad):
        assert tensor.dtype == dtype
        assert tensor.isfinite().all()


def test_bfloat16_patches_may_be_placed(glimpser, some_where):
    where = some_where(glimpser).float()
    patches = torch.rand(4, 3, 1, 12, 12)
    with torch.autocast("cpu", torch.bfloat16):
        layers = glimpser.write(patches.bfloat16(), where)
    torch.testing.assert_close(layers.float(), glimpser.write(patches, where), atol=0.05, rtol=0)
