"""Windows against the ink of objects."""

import torch

from objcentric.evaluation.ink_enclosed import ink_enclosed


def scene():
    """Object 1 is four bright pixels in a row, object 2 two dim ones; three columns apart."""
    segmentation = torch.zeros(1, 6, 8, dtype=torch.int32)
    segmentation[0, 1, 0:4] = 1
    segmentation[0, 4, 6:8] = 2
    image = torch.where(segmentation == 1, 1.0, torch.where(segmentation == 2, 0.25, 0.0))
    return image.unsqueeze(1), segmentation


def test_a_window_shows_the_share_of_an_object_whose_pixel_centres_it_holds():
    image, segmentation = scene()
    windows = torch.tensor([[[0.0, 0.0, 3.0, 6.0], [2.6, 0.0, 8.0, 6.0], [9.0, 9.0, 12.0, 12.0]]])
    expected = torch.tensor([[[0.75, 0.0], [0.25, 1.0], [0.0, 0.0]]])
    torch.testing.assert_close(ink_enclosed(image, segmentation, windows, 2), expected)


def test_an_object_that_is_not_there_is_shown_by_nothing():
    image, segmentation = scene()
    everything = torch.tensor([[[0.0, 0.0, 8.0, 6.0]]])
    assert ink_enclosed(image, segmentation, everything, 3)[0, 0].tolist() == [1.0, 1.0, 0.0]
