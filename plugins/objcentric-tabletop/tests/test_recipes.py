"""The shipped recipe on a few scenes."""

import torch

from objcentric.progress import Progress
from objcentric.recipe import load

FEW = ("scenes.train=8", "scenes.validation=4", "scenes.test=4")


def test_the_recipe_learns_a_batch():
    recipe = load("tabletop3d", FEW)
    source = recipe.build_source()
    model = recipe.build_model(source.image_shape)
    image = source.scenes("train").images / 255
    optimizer = torch.optim.Adam(model.parameters(), recipe.training.lr)
    torch.manual_seed(0)
    losses = []
    for _ in range(15):
        loss = model.objective(image, Progress.at(0.0, epochs=1.0)).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_the_model_says_what_its_slots_show():
    recipe = load("tabletop3d", FEW)
    source = recipe.build_source()
    model = recipe.build_model(source.image_shape)
    assert "attributes" in model.abilities
    found = model.infer(source.scenes("test").images / 255).attributes
    assert found["label"].shape == (4, 3)
    assert found["position"].shape == (4, 3, 2)
