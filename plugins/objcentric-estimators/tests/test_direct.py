import torch

from objcentric.presence import CertainPresence
from objcentric_estimators.direct import Direct


def test_it_is_the_cost_with_every_slot_present(small_scene):
    scene = small_scene(CertainPresence)
    estimate = scene.estimate(Direct())
    costs = scene.cost(scene.layers)(torch.ones(1, *scene.logits.shape, dtype=torch.float64))
    torch.testing.assert_close(estimate.loss, costs.mean())
    torch.testing.assert_close(estimate.costs, costs)
    assert torch.equal(estimate.codes, torch.ones_like(estimate.codes))
    assert torch.equal(estimate.weights, torch.ones_like(costs))


def test_the_gradient_is_that_of_the_cost(small_scene):
    scene = small_scene(CertainPresence)
    layers = scene.layers.clone().requires_grad_()
    cost = scene.cost(layers)(torch.ones(1, *scene.logits.shape, dtype=torch.float64))
    (expected,) = torch.autograd.grad(cost.sum(), layers)
    found = scene.gradients(Direct())
    torch.testing.assert_close(found.layers, expected)
    assert (found.logits == 0).all()
