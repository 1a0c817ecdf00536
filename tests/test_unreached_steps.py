"""Steps that are never reached, or always: whatever scheduler and prior say, the loss is finite.

An unreached step gets no gradient that would hold its outputs in place, so they drift; times a mask
of zeros even one infinite KL is not a number.
"""

from dataclasses import replace
from functools import cache

import pytest
import torch

from objcentric.drafts import Drafts
from objcentric.interfaces import Prior, Scheduler
from objcentric.model.wired_model import WiredModel
from objcentric.progress import Progress
from objcentric.recipe import load
from objcentric.recipe.problem import RecipeError
from objcentric.registry import Registry

INTERFACES = {"scheduler": Scheduler, "prior": Prior}
PROGRESS = (Progress.at(0.0, epochs=10.0), Progress.finished())


@cache
def registry() -> Registry:
    return Registry.discover()


def names(interface: str) -> list[str]:
    entries = registry().components(INTERFACES[interface])
    return sorted({entry.canonical for entry in entries})


def fitting() -> list[tuple[str, str]]:
    """Schedulers and priors that may be put together."""
    pairs = []
    for scheduler in names("scheduler"):
        for prior in names("prior"):
            try:
                recipe_of(scheduler, prior)
            except RecipeError:
                continue
            pairs.append((scheduler, prior))
    return pairs


def recipe_of(scheduler, prior, **objective):
    swaps = [f"model.scheduler={scheduler}", f"model.prior={prior}", "model.estimator=rloo"]
    swaps += [f"model.objective.{key}={value}" for key, value in objective.items()]
    return load("air-multi-mnist", ["model.what_dim=4", "model.glimpse=8", *swaps], registry())


def push(model: WiredModel, presence: float, factor: float) -> None:
    """Presence as good as certain, and every other output of the scheduler far out."""
    with torch.no_grad():
        for parameter in model.scheduler.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))  # the last layer's weights start at 0
            parameter.mul_(factor)
        for parameter in model.prior.parameters():
            parameter.copy_(100 * torch.randn_like(parameter).sign())

    def certain(module: torch.nn.Module, inputs: object, drafts: Drafts) -> Drafts:
        pushed = type(drafts.presence)(drafts.presence.logits + presence, validate_args=False)
        return replace(drafts, presence=pushed)

    model.scheduler.register_forward_hook(certain)


def test_every_scheduler_and_every_prior_is_held_to_this():
    pairs = fitting()
    assert {scheduler for scheduler, _ in pairs} == set(names("scheduler"))
    assert {prior for _, prior in pairs} == set(names("prior"))


@pytest.mark.parametrize("object_kl", ["present", "reached"])
@pytest.mark.parametrize("presence", [-1e4, 1e4])
@pytest.mark.parametrize(("scheduler", "prior"), fitting())
def test_the_loss_and_its_gradients_stay_finite(scheduler, prior, presence, object_kl):
    torch.manual_seed(0)
    recipe = recipe_of(scheduler, prior, object_kl=object_kl)
    image = torch.rand(2, 1, 20, 20)
    for factor in (1.0, 30.0):
        for progress in PROGRESS:
            model = recipe.build_model((1, 20, 20))
            push(model, presence, factor)
            found = model.objective(image, progress)
            assert found.loss.isfinite()
            found.loss.backward()
            gradients = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
            assert [name for name, g in gradients.items() if not g.isfinite().all()] == []
