import math

import pytest
import torch

from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_glimpsers.gaussian_filterbank import GaussianFilterbank, gaussian_filters


def test_filters_are_those_of_the_paper(scene):
    x, y, log_stride, log_variance = 0.1, -0.2, -1.5, 0.3
    image = torch.rand(1, 2, 30, 40, dtype=torch.float64)
    n, stride = 12, 39 / 11 * math.exp(log_stride)
    banks = []
    for centre, pixels in ((31 / 2 * (y + 1), 30), (41 / 2 * (x + 1), 40)):
        bank = torch.zeros(n, pixels, dtype=torch.float64)
        for i in range(1, n + 1):
            mean = centre + (i - n / 2 - 0.5) * stride
            for a in range(1, pixels + 1):
                bank[i - 1, a - 1] = math.exp(-((a - mean) ** 2) / (2 * math.exp(log_variance)))
        banks.append(bank / bank.sum(1, keepdim=True))
    where = torch.tensor([[[3 * x, 3 * y, 3 * log_stride, log_variance]]], dtype=torch.float64)
    glimpse = GaussianFilterbank(scene).read(image, where)
    torch.testing.assert_close(glimpse[:, 0], banks[0] @ image @ banks[1].T, atol=1e-6, rtol=0)


@pytest.mark.parametrize("std", [0.5, 0.7, 3.0])
def test_a_filter_on_the_canvas_weighs_one_altogether(std):
    centre = torch.linspace(25, 26, 11).view(1, 11)
    weights = gaussian_filters(centre, torch.ones(1, 11), torch.full((1, 11), std), 1, 50)
    error = 0.015 if std == 0.5 else 1e-3
    torch.testing.assert_close(weights.sum(-1), torch.ones(1, 11, 1), atol=error, rtol=0)


def test_writing_is_the_transpose_of_reading_times_the_area_of_a_filter(scene, some_where, image):
    glimpser = GaussianFilterbank(scene)
    where = some_where(glimpser)
    patches = torch.rand(4, 3, 2, 12, 12, dtype=torch.float64)
    area = (39 / 11 * (where[..., 2] / 3).exp()).square()
    seen = (glimpser.read(image, where) * patches).sum((2, 3, 4))
    drawn = (glimpser.write(patches, where) * image[:, None]).sum((2, 3, 4))
    torch.testing.assert_close(drawn, area * seen)


def test_a_patch_of_ones_is_drawn_as_bright_as_it_is_whatever_the_stride(scene):
    where = torch.tensor([[[0.0, 0.0, 3 * math.log(stride), 0.5] for stride in (0.2, 0.3, 0.5)]])
    layers = GaussianFilterbank(scene).write(torch.ones(1, 3, 1, 12, 12), where)
    torch.testing.assert_close(layers[..., 14, 19], torch.ones(1, 3, 1), atol=0.03, rtol=0)


def test_its_gradient_reaches_a_target_beside_the_window_where_the_bilinear_one_is_zero():
    scene = RequestedScene(image_shape=(1, 50, 50), objects=1, what_dim=1, glimpse=12)
    target = torch.zeros(1, 1, 1, 50, 50)
    target[..., 20:30, 40:50] = 1.0  # to the right of a window of 17 pixels in the middle

    def pull(glimpser, where, coordinate):
        where = torch.tensor([[where]], requires_grad=True)
        layer = glimpser.write(torch.ones(1, 1, 1, 12, 12), where)
        (layer * target).sum().backward()
        return where.grad[0, 0, coordinate].item()

    wide = math.log(5.0**2)  # σ = 5 pixels; the target begins 7 beyond the window
    assert pull(GaussianFilterbank(scene), [0.0, 0.0, 3 * math.log(1 / 3), wide], 0) > 1 / 3
    assert pull(SpatialTransformer(scene), [3.0, 0.0, 0.0], 1) == 0.0
