"""The camera."""

import torch

from objcentric_tabletop.camera import ABOVE, BEHIND, Camera

CAMERA = Camera(36, 48)


def test_the_ray_of_a_pixel_goes_through_what_is_seen_there():
    rays = CAMERA.rays()
    for x, y, z in ((0.3, -0.7, 0.2), (-0.9, 0.8, 0.0), (0.0, 0.0, 0.6)):
        place = torch.tensor([[x]]).double(), torch.tensor([[y]]).double()
        right, down = (float(value) for value in CAMERA.project(*place, z))
        ray = rays[:, int(down), int(right)]
        point = torch.tensor([x, y + BEHIND, z - ABOVE]).double()
        nearest = ray * (ray @ point)
        # Half a pixel's diagonal at the point's distance, at most.
        assert (nearest - point).norm() < 0.75 * point.norm() / CAMERA.focal


def test_what_is_further_away_is_higher_up_and_to_the_right_is_to_the_right():
    near, far, zero = torch.tensor([[-1.0], [1.0], [0.0]])
    assert CAMERA.project(zero, far, 0.0)[1] < CAMERA.project(zero, near, 0.0)[1]
    assert CAMERA.project(far, zero, 0.0)[0] > CAMERA.project(near, zero, 0.0)[0]
    assert CAMERA.depth(zero, far, 0.0) > CAMERA.depth(zero, near, 0.0)


def test_several_rays_per_pixel_surround_its_own():
    fine, coarse = CAMERA.rays(3), CAMERA.rays()
    torch.testing.assert_close(fine[:, 1::3, 1::3], coarse)
