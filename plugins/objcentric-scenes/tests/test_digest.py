import hashlib

import pytest
import torch

from objcentric_scenes.digest import content_sha256, sealed


def tensors() -> dict[str, torch.Tensor]:
    return {
        "images": torch.arange(8, dtype=torch.uint8).reshape(2, 1, 2, 2),
        "counts": torch.tensor([1, 0]),
        "boxes": torch.tensor([[[0.0, 0.0, 2.0, 2.0]], [[0.0, 0.0, 0.0, 0.0]]]),
        "labels": torch.tensor([[3], [-1]]),
        "segmentation": torch.zeros(2, 2, 2, dtype=torch.uint8),
    }


def test_the_digest_is_that_of_title_names_types_shapes_and_little_endian_values():
    expected = hashlib.sha256(b"a title\nx int32 (2,)\n\x01\x00\x00\x00\x00\x01\x00\x00")
    found = content_sha256("a title", {"x": torch.tensor([1, 256], dtype=torch.int32)})
    assert found == expected.hexdigest()


def test_values_count_whatever_their_layout_in_memory():
    x = torch.arange(6).reshape(2, 3)
    strided = x.T.contiguous().T
    assert content_sha256("", {"x": strided}) == content_sha256("", {"x": x})


@pytest.mark.parametrize("name", tensors())
def test_the_digest_of_scenes_changes_with_everything_that_they_hold(name):
    changed = tensors()
    changed[name].view(-1)[-1] += 1
    assert sealed("p", changed).sha256 != sealed("p", tensors()).sha256


def test_the_digest_of_scenes_changes_with_the_protocol():
    assert sealed("p version 2", tensors()).sha256 != sealed("p version 1", tensors()).sha256


def test_the_digest_changes_with_types_and_shapes():
    x = torch.zeros(4, dtype=torch.int32)
    digests = {content_sha256("", {"x": v}) for v in (x, x.reshape(2, 2), x.float())}
    assert len(digests) == 3
