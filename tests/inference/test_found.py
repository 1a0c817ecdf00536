"""What was found, by models that can do less than the default one."""

import pytest
import torch

from objcentric.images import Placement
from objcentric.inference.found import Found
from objcentric.inference.records import record


@pytest.fixture
def found():
    """What a model without windows, which does not decide about presence, finds in two images."""
    masks = torch.zeros(2, 4, 6, 5)
    masks[:, 1] = 1
    return Found(
        images=torch.zeros(2, 3, 6, 5),
        presence=torch.ones(2, 3, dtype=torch.bool),
        probabilities=torch.ones(2, 3),
        slots=torch.zeros(2, 3, 7),
        masks=masks,
        reconstructions=torch.zeros(2, 3, 6, 5),
        boxes=None,
        decides_presence=False,
    )


def test_a_model_that_does_not_count_has_no_counts_in_its_records(found):
    line = record("a.png", found[0], Placement((6, 5), (6, 5), "pad"))
    assert (line["count"], line["probability"], line["boxes"]) == (None, None, None)
    assert len(line["slots"]) == 3


def test_a_model_that_does_not_count_says_so(found):
    assert "the model does not count" in repr(found)
    assert "boxes" not in repr(found)


def test_pictures_of_a_model_without_windows_show_its_segments(found, tmp_path):
    from objcentric.pictures.strip import draw_strip

    strip = draw_strip(found.snapshot(), 0, tmp_path / "a.png")
    from PIL import Image

    with Image.open(strip) as image:
        assert image.size == (3 * 5 * 40 + 2 * 6, 240)
        assert image.getpixel((250, 100)) != (0, 0, 0)  # tinted
        assert image.getpixel((50, 100)) == (0, 0, 0)
    found.show().save(tmp_path / "b.png")
