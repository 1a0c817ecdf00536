"""The spatial broadcast decoder."""

import pytest
import torch

from objcentric_slots.slot_decoder import SlotDecoder


@pytest.mark.parametrize("grid", [1, 4, 7, 9, 14])
def test_any_grid_draws_the_whole_canvas(small_scene, grid):
    appearance = SlotDecoder(small_scene, grid=grid)(torch.randn(2, 3, 8))
    assert appearance.color.shape == (2, 3, 3, 14, 14)
    assert appearance.mask_logits.shape == (2, 3, 1, 14, 14)


def test_slots_are_drawn_independently(small_scene):
    decoder, what = SlotDecoder(small_scene), torch.randn(2, 3, 8)
    alone = decoder(what[:, 1:2])
    torch.testing.assert_close(decoder(what).color[:, 1:2], alone.color)


@pytest.mark.parametrize(
    "options", [{"kernels": (1, 3)}, {"kernels": (1, 2, 3)}, {"last_kernel": 2}]
)
def test_kernels_that_do_not_fit_are_refused(small_scene, options):
    with pytest.raises(ValueError, match="one odd kernel for each width"):
        SlotDecoder(small_scene, **options)
