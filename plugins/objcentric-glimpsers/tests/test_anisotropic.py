import torch
from torch.nn import functional as F

from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_glimpsers.anisotropic import Anisotropic


def test_it_writes_and_reads_like_affine_grid_and_grid_sample(scene, some_where, image):
    glimpser = Anisotropic(scene)
    where = some_where(glimpser)
    sx, sy, x, y = where.flatten(0, 1).unbind(-1)
    zero = torch.zeros_like(sx)
    forth = torch.stack([sx, zero, x, zero, sy, y], -1).view(-1, 2, 3)
    back = torch.stack([1 / sx, zero, -x / sx, zero, 1 / sy, -y / sy], -1).view(-1, 2, 3)

    def sampled(source, theta, size):
        grid = F.affine_grid(theta, [12, 2, *size], align_corners=False)
        return F.grid_sample(source, grid, align_corners=False).view(4, 3, 2, *size)

    patches = torch.rand(4, 3, 2, 12, 12, dtype=torch.float64)
    written = sampled(patches.flatten(0, 1), forth, (30, 40))
    torch.testing.assert_close(glimpser.write(patches, where), written, atol=1e-6, rtol=0)
    read = sampled(image.repeat_interleave(3, 0), back, (12, 12))
    torch.testing.assert_close(glimpser.read(image, where), read, atol=1e-6, rtol=0)


def test_with_equal_scales_it_is_the_spatial_transformer(scene, some_where, image):
    plain, glimpser = SpatialTransformer(scene), Anisotropic(scene)
    where = some_where(plain)
    both = where[..., [0, 0, 1, 2]]
    patches = torch.rand(4, 3, 1, 12, 12, dtype=torch.float64)
    torch.testing.assert_close(glimpser.read(image, both), plain.read(image, where))
    torch.testing.assert_close(glimpser.write(patches, both), plain.write(patches, where))
    torch.testing.assert_close(glimpser.boxes(both), plain.boxes(where))
