import pytest
import torch

from objcentric_glimpsers.bounded import Bounded


def test_no_window_ever_leaves_the_canvas(scene):
    boxes = Bounded(scene).boxes(20 * torch.randn(1, 1000, 4, dtype=torch.float64))
    assert (boxes >= -1e-9).all()
    assert (boxes <= torch.tensor([40, 30, 40, 30]) + 1e-9).all()


def test_sizes_stay_within_their_range(scene):
    boxes = Bounded(scene, smallest=0.2, largest=0.5).boxes(20 * torch.randn(1, 1000, 4))
    width, height = (boxes[..., 2:] - boxes[..., :2]).unbind(-1)
    for size, canvas in ((width, 40), (height, 30)):
        assert size.min().item() == pytest.approx(0.2 * canvas, rel=1e-4)
        assert size.max().item() == pytest.approx(0.5 * canvas, rel=1e-4)


def test_the_ends_of_position_put_the_window_against_the_borders(scene):
    where = torch.tensor([[[0.0, 0.0, -1e4, 1e4]]])
    x0, _, _, y1 = Bounded(scene).boxes(where).squeeze().tolist()
    assert x0 == pytest.approx(0, abs=1e-4)
    assert y1 == pytest.approx(30, abs=1e-4)


def test_zero_is_a_window_of_middle_size_in_the_middle(scene):
    box = Bounded(scene, smallest=0.1, largest=0.5).boxes(torch.zeros(1, 1, 4))
    torch.testing.assert_close(box, torch.tensor([[[14.0, 10.5, 26.0, 19.5]]]))


def test_a_range_that_is_none_is_refused(scene):
    with pytest.raises(ValueError, match=r"smallest \(0.5\) is not below largest \(0.5\)"):
        Bounded(scene, smallest=0.5, largest=0.5)
