"""Arrays of images in every customary form as one batch (`image_batch`)."""

from typing import Any

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor

from objcentric.errors import ObjcentricError
from objcentric.images import Canvas, Fit, Placement
from objcentric.scene import ImageShape

CHANNELS = (1, 3)
FORMS = "(N, H, W), (N, H, W, C) or (N, C, H, W)"


class BadArray(ObjcentricError):
    """An array does not hold images, or not of the model's size; the message says why."""


def image_batch(
    images: Any, shape: ImageShape, fit: Fit | None = None
) -> UInt8[Tensor, "N C H W"] | Float[Tensor, "N C H W"]:
    """Images as a batch that a model takes, in uint8, or in float with intensities in [0, 1].

    Args:
        images: a NumPy array or a tensor, `(N, H, W)`, `(N, H, W, C)` or `(N, C, H, W)`; uint8 with
            255 for white, or float with 1.0 for white.
        shape: `(C, H, W)` of the model's images.
        fit: how to resize images of another size, and to turn grey into colour or colour into grey;
            None refuses them. Resized images have 8 bits.

    Raises:
        BadArray: the array holds no images, or they have another size and `fit` is None.
    """
    found = _numbers(images)
    found = _channels_last(found, shape)
    channels, height, width = shape
    if found.shape[1:] == (height, width, channels):
        return rearrange(torch.from_numpy(np.ascontiguousarray(found)), "n h w c -> n c h w")
    if fit is None:
        raise BadArray(
            f"the images are {_size(found)} pixels, and the model takes "
            f"{_named(height, width, channels)}: infer(images, fit='pad') resizes them with black "
            "bars; 'crop' cuts off, 'stretch' distorts"
        )
    canvas = Canvas(channels, (height, width), fit)
    return torch.from_numpy(np.stack([drawn for drawn, _ in drawn_images(found, canvas)]))


def drawn_images(
    images: np.ndarray, canvas: Canvas
) -> list[tuple[UInt8[np.ndarray, "C H W"], Placement]]:
    """Images `(N, H, W, C)`, each resized to the canvas, in 8 bits.

    Raises:
        BadArray: they are neither uint8 nor floats in [0, 1].
    """
    check_numbers(images)
    return [canvas.draw(_eight_bits(image)) for image in images]


def rows_of_images(found: np.ndarray, shape: ImageShape) -> np.ndarray:
    """An array of images `(N, H, W, C)`, checked; a single image `(H, W)` or
    `(H, W, 3)` becomes a batch of one.

    Raises:
        BadArray: the array holds no images.
    """
    single = found.ndim == 2 or (found.ndim == 3 and found.shape[-1] == 3)
    return _channels_last(found[None] if single else found, shape)


def check_numbers(found: np.ndarray) -> None:
    """Refuses what are no intensities.

    Raises:
        BadArray: they are neither uint8 nor floats in [0, 1].
    """
    if found.dtype == np.uint8 or found.dtype == np.bool_:
        return
    if not np.issubdtype(found.dtype, np.floating):
        raise BadArray(
            f"images should be uint8 (255 is white) or float (1.0 is white), got {found.dtype}; "
            "if its values are 0 to 255, images.astype('uint8') would fit"
        )
    low, high = float(found.min()), float(found.max())
    if not (low >= 0 and high <= 1):  # NaN is caught, too
        hint = "; images / 255 would fit" if low >= 0 and 1 < high <= 255 else ""
        raise BadArray(f"float images should be in [0, 1], got values {low:g} to {high:g}{hint}")


def _numbers(images: Any) -> np.ndarray:
    """The array in NumPy: uint8, or float32 in [0, 1]."""
    if isinstance(images, Tensor):
        plain = images.detach().cpu()
        images = (plain.float() if plain.dtype.is_floating_point else plain).numpy()
    try:
        found = np.asarray(images)
    except ValueError as error:
        raise BadArray(f"the images have different sizes; expected one array {FORMS}") from error
    if found.dtype == object:
        raise BadArray(f"expected an array of numbers {FORMS}, got {type(images).__name__}")
    _refuse_form(found)
    check_numbers(found)
    return found if found.dtype == np.uint8 else found.astype(np.float32)


def _refuse_form(found: np.ndarray) -> None:
    if found.ndim not in (3, 4):
        hint = "; images[None] is a batch of one" if found.ndim == 2 else ""
        raise BadArray(f"expected images {FORMS}, got an array {found.shape}{hint}")
    if found.ndim == 3 and found.shape[-1] == 3:
        raise BadArray(
            f"an array {found.shape} is one image in colour; images[None] is a batch of one"
        )
    if 0 in found.shape:
        raise BadArray(f"there are no images in an array {found.shape}")


def _channels_last(found: np.ndarray, shape: ImageShape) -> np.ndarray:
    """`(N, H, W, C)`. Where an array could be read in two ways, the model's size decides.

    Raises:
        BadArray: no axis can be that of the channels.
    """
    _refuse_form(found)
    if found.ndim == 3:
        return found[..., None]
    channels, height, width = shape
    first, last = found.shape[1] in CHANNELS, found.shape[3] in CHANNELS
    if found.shape[1:] == (height, width, channels):
        first = False
    elif found.shape[1:] == (channels, height, width):
        last = False
    if last:
        return found
    if first:
        return np.moveaxis(found, 1, 3)
    more = " (leave transparency out: images[..., :3])" if found.shape[3] == 4 else ""
    raise BadArray(
        f"expected images {FORMS} with 1 or 3 channels, got an array {found.shape}{more}"
    )


def _eight_bits(image: np.ndarray) -> UInt8[np.ndarray, "H W C"]:
    if image.dtype == np.uint8:
        return image
    return (image.astype(np.float32) * 255).round().astype(np.uint8)


def _size(found: np.ndarray) -> str:
    return _named(*found.shape[1:])


def _named(height: int, width: int, channels: int) -> str:
    return f"{height}×{width} {'grey' if channels == 1 else 'colour'}"
