import pytest
import torch

from objcentric.drafts import Layers
from objcentric_composition.over import Over


def colors(k: int = 3) -> torch.Tensor:
    return torch.rand(2, k, 3, 4, 4, dtype=torch.float64)


def test_what_is_behind_an_opaque_object_is_hidden_exactly():
    color = colors().requires_grad_()
    alpha = torch.rand(2, 3, 1, 4, 4, dtype=torch.float64)
    alpha[:, 0] = 1.0
    canvas = Over()(Layers(color, alpha), torch.ones(1, 2, 3, dtype=torch.float64))
    assert torch.equal(canvas[0], color[:, 0])
    canvas.sum().backward()
    assert (color.grad[:, 1:] == 0).all()


def test_an_absent_object_hides_nothing():
    color, alpha = colors(), torch.ones(2, 3, 1, 4, 4, dtype=torch.float64)
    presence = torch.tensor([0.0, 1.0, 1.0], dtype=torch.float64).expand(1, 2, 3)
    assert torch.equal(Over()(Layers(color, alpha), presence)[0], color[:, 1])


def test_it_is_the_sum_over_slots_of_what_those_in_front_let_through():
    color, alpha = colors(), torch.rand(2, 3, 1, 4, 4, dtype=torch.float64)
    presence = torch.rand(1, 2, 3, dtype=torch.float64)
    a = presence[0, :, :, None, None, None] * alpha
    expected, through = torch.zeros_like(color[:, 0]), torch.ones_like(a[:, 0])
    for k in range(3):
        expected = expected + through * a[:, k] * color[:, k]
        through = through * (1 - a[:, k])
    torch.testing.assert_close(Over()(Layers(color, alpha), presence)[0], expected)


def test_half_present_and_half_transparent_are_the_same():
    color, half = colors(), torch.full((1, 2, 3), 0.5, dtype=torch.float64)
    opaque = torch.ones(2, 3, 1, 4, 4, dtype=torch.float64)
    torch.testing.assert_close(
        Over()(Layers(color, opaque), half),
        Over()(Layers(color, opaque / 2), torch.ones_like(half)),
    )


def test_layers_without_alpha_are_refused():
    with pytest.raises(ValueError, match="needs layers with alpha"):
        Over()(Layers(colors()), torch.ones(1, 2, 3))
