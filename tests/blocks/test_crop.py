"""Crops around places of images."""

import torch

from objcentric.blocks.crop import crop, crops


def test_a_crop_of_the_whole_image_at_its_own_size_is_the_image() -> None:
    image = torch.rand(2, 3, 8, 8)
    seen = crop(image, torch.zeros(2, 2), torch.tensor([8.0, 8.0]), size=8)
    torch.testing.assert_close(seen, image)


def test_each_image_is_cropped_around_its_own_place_in_pixels() -> None:
    image = torch.rand(2, 1, 10, 20)
    # 4×4 pixels around points between four pixels.
    place = torch.tensor([[-0.6, 0.0], [0.2, -0.2]])
    seen = crop(image, place, torch.tensor([4.0, 4.0]), size=4)
    torch.testing.assert_close(seen[0], image[0, :, 3:7, 2:6])
    torch.testing.assert_close(seen[1], image[1, :, 2:6, 10:14])


def test_outside_the_image_a_crop_is_0() -> None:
    seen = crop(torch.ones(1, 1, 8, 8), -torch.ones(1, 2), torch.tensor([8.0, 8.0]), size=8)
    assert (seen[0, 0, :4] == 0).all()
    assert (seen[0, 0, 4:, :4] == 0).all()
    assert (seen[0, 0, 4:, 4:] == 1).all()


def test_crops_are_of_their_own_image_and_place() -> None:
    bright, dim = (6, 18), (13, 4)
    image = torch.zeros(1, 1, 20, 26)
    for (row, column), intensity in ((bright, 1.0), (dim, 0.4)):
        image[0, 0, row - 1 : row + 2, column - 1 : column + 2] = intensity
    middles = [((2 * x + 1) / 26 - 1, (2 * y + 1) / 20 - 1) for y, x in (bright, dim)]
    place = torch.tensor(middles).expand(2, 2, 2)
    seen = crops(torch.cat([image, image.flip(-1)]), place, torch.tensor([3.0, 3.0]), 3)
    assert seen.shape == (2, 2, 1, 3, 3)
    torch.testing.assert_close(seen[0, 0], torch.ones(1, 3, 3))
    torch.testing.assert_close(seen[0, 1], torch.full((1, 3, 3), 0.4))
    assert seen[1].max() == 0
