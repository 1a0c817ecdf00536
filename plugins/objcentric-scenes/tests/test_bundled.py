import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from objcentric.interfaces import Split
from objcentric_scenes.bundled import (
    _STEEPNESS,
    _THRESHOLD,
    Bundled,
    _digits,
    _logistic_curve,
    _members,
)


@pytest.mark.parametrize(("split", "n"), [("train", 1500), ("test", 297)])
def test_digits_have_the_form_of_mnist(split: Split, n: int):
    sprites = Bundled().sprites(split)
    assert sprites.images.shape == (n, 1, 28, 28)
    assert sprites.images.dtype == torch.uint8
    assert sprites.labels.shape == (n,)
    assert set(sprites.labels.tolist()) == set(range(10))


def test_train_and_test_share_no_digit_and_leave_none_out():
    together = np.concatenate([_members("train", 1797), _members("test", 1797)])
    assert sorted(together.tolist()) == list(range(1797))
    train, test = (Bundled().sprites(split).images.flatten(1) for split in ("train", "test"))
    assert not set(map(bytes, train.numpy())) & set(map(bytes, test.numpy()))


def test_a_digit_looks_like_its_original_and_keeps_its_label():
    original = load_digits()
    sprites, members = Bundled().sprites("test"), _members("test", 1797)
    assert sprites.labels.tolist() == original.target[members].tolist()
    inner = sprites.images[:, :, 4:-4, 4:-4].double()
    shrunk = torch.nn.functional.interpolate(inner, size=(8, 8), mode="area").flatten(1).numpy()
    source = original.images[members].reshape(297, -1)
    similarity = [np.corrcoef(a, b)[0, 1] for a, b in zip(shrunk, source, strict=True)]
    assert min(similarity) > 0.8


def test_the_margin_is_black_and_strokes_are_white():
    images = Bundled().sprites("train").images
    assert images[:, :, 4:-4, 4:-4].sum() == images.sum()
    assert images.amax((1, 2, 3)).min() > 240


def test_no_step_of_the_curve_depends_on_how_a_machine_rounds():
    before = np.arange(256) / 255
    curve = 1 / (1 + np.exp(-_STEEPNESS * (before - _THRESHOLD)))
    exact = 255 * (curve - curve[0]) / (curve[-1] - curve[0])
    assert np.abs(exact % 1 - 0.5).min() > 1e-6
    assert np.array_equal(_logistic_curve(), exact.round())
    assert (_logistic_curve()[0], _logistic_curve()[-1]) == (0, 255)


def test_the_file_is_what_scikit_learn_loads():
    digits = load_digits()
    table = _digits()
    np.testing.assert_array_equal(table[:, :-1], digits.data)
    np.testing.assert_array_equal(table[:, -1], digits.target)
