"""The shipped recipes on a few scenes."""

import pytest
import torch

from objcentric.progress import Progress
from objcentric.recipe import load

FEW = ("scenes.train=8", "scenes.validation=4", "scenes.test=4")
START = Progress.at(0.0, epochs=1.0)


def first_losses(name: str, steps: int, batch: int, *overrides: str) -> list[float]:
    """Losses of the first steps, all on one batch."""
    recipe = load(name, [*FEW, *overrides])
    source = recipe.build_source()
    torch.manual_seed(0)
    model = recipe.build_model(source.image_shape)
    image = source.scenes("train").images[:batch] / 255
    optimizer = torch.optim.Adam(model.parameters(), recipe.training.lr)
    losses = []
    for _ in range(steps):
        loss = model.objective(image, START).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("start", ["furthest", "own", "shared"])
def test_slot_attention_learns_a_batch(start):
    losses = first_losses("slot-attention", 30, 8, f"model.scheduler.start={start}")
    assert losses[-1] < 0.9 * losses[0]


def test_the_papers_sizes_take_a_step():
    one, two = first_losses("slot-attention-paper", 2, 2)
    assert two < one
