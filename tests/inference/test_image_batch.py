"""Arrays of images, in all forms in which people keep them."""

import numpy as np
import pytest
import torch

from objcentric.inference.image_batch import BadArray, image_batch

GREY, COLOUR = (1, 6, 5), (3, 6, 5)


def pixels(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_grey_images_have_one_axis_of_channels_or_none(kind):
    images = pixels(4, 6, 5)
    for form in (images, images[..., None], images[:, None]):
        batch = image_batch(kind(form), GREY)
        assert batch.shape == (4, *GREY)
        assert (batch[:, 0].numpy() == images).all()


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_channels_are_first_or_last(kind):
    images = pixels(4, 6, 5, 3)
    first = np.ascontiguousarray(np.moveaxis(images, 3, 1))
    assert (image_batch(kind(images), COLOUR).numpy() == first).all()
    assert (image_batch(kind(first), COLOUR).numpy() == first).all()


def test_the_size_of_the_model_decides_where_both_axes_could_be_channels():
    assert image_batch(pixels(2, 3, 5, 3), (3, 3, 5)).shape == (2, 3, 3, 5)
    assert image_batch(pixels(2, 3, 5, 3), (3, 5, 3)).shape == (2, 3, 5, 3)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "bool", ">f4"])
def test_floats_and_truth_values_become_intensities(dtype):
    images = (pixels(2, 6, 5) > 99).astype(dtype)
    batch = image_batch(images, GREY)
    assert batch.dtype == torch.float32
    assert (batch[:, 0].numpy() == images).all()


def test_bfloat16_and_gradients_are_no_obstacle():
    images = torch.rand(2, 6, 5, dtype=torch.bfloat16, requires_grad=True)
    assert image_batch(images, GREY).shape == (2, *GREY)


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (pixels(2, 8, 9), "8×9 grey.*6×5 grey.*fit='pad'"),
        (pixels(2, 6, 5, 3), "6×5 colour.*6×5 grey"),
        (pixels(6, 5), r"got an array \(6, 5\); images\[None\]"),
        (pixels(6, 5, 3), r"\(6, 5, 3\) is one image in colour; images\[None\]"),
        (pixels(2, 6, 5, 4), r"1 or 3 channels.*images\[\.\.\., :3\]"),
        (pixels(0, 6, 5), "there are no images"),
        (pixels(2, 6, 5).astype(int), r"got int64;.*astype\('uint8'\)"),
        (pixels(2, 6, 5).astype(float), "images / 255 would fit"),
        (np.full((1, 6, 5), np.nan), "got values nan to nan"),
        (np.full((1, 6, 5), -0.1), r"in \[0, 1\], got values -0.1 to -0.1$"),
        ([pixels(6, 5), pixels(7, 5)], "different sizes"),
        (["photo.jpg"], "expected"),
        (None, "expected an array of numbers"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(images, said):
    with pytest.raises(BadArray, match=said):
        image_batch(images, GREY)


@pytest.mark.parametrize("fit", ["pad", "crop", "stretch"])
@pytest.mark.parametrize("shape", [GREY, COLOUR])
def test_images_of_another_size_and_kind_are_resized_on_request(fit, shape):
    for images in (pixels(2, 30, 20), pixels(2, 9, 9, 3), pixels(2, 9, 9).astype(float) / 255):
        batch = image_batch(images, shape, fit)
        assert batch.shape == (2, *shape)
        assert batch.dtype == torch.uint8
