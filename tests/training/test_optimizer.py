"""The optimiser, by component."""

import pytest
import torch
from torch import nn

from objcentric.errors import ObjcentricError
from objcentric.recipe.options import TrainingOptions
from objcentric.training.optimizer import (
    clip_gradients,
    idle_paths,
    make_optimizer,
    optimizer_state,
    restore_optimizer_state,
)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(2, 2)
        self.estimator = nn.ModuleDict({"baseline": nn.Linear(2, 1), "temper": nn.Linear(2, 1)})
        self.prior = nn.Identity()

    def step(self, optimizer):
        x = torch.ones(3, 2)
        optimizer.zero_grad()
        hidden = self.encoder(x)
        (self.estimator["baseline"](hidden) + self.estimator["temper"](hidden)).sum().backward()
        optimizer.step()


def rates(model, given):
    adam = make_optimizer(model, TrainingOptions(lr=1.0), given)
    name_of = {parameter: name for name, parameter in model.named_parameters()}
    return {name_of[p]: group["lr"] for group in adam.param_groups for p in group["params"]}


def test_the_longest_path_that_fits_decides_the_learning_rate():
    found = rates(Model(), {"estimator": 2.0, "estimator.baseline": 3.0})
    assert {name.removesuffix(".weight"): rate for name, rate in found.items() if "w" in name} == {
        "encoder": 1.0,
        "estimator.baseline": 3.0,
        "estimator.temper": 2.0,
    }


def test_the_empty_path_is_the_whole_model():
    found = rates(Model(), {"": 2.0, "encoder": 3.0})
    assert found["encoder.weight"] == 3.0
    assert found["estimator.baseline.weight"] == 2.0


def test_a_path_fits_whole_names_only():
    assert set(rates(Model(), {"estimator.base": 2.0}).values()) == {1.0}
    assert idle_paths(Model(), {"estimator.base": 2.0, "estimator": 2.0}) == ["estimator.base"]


def test_parameters_with_one_learning_rate_are_one_group():
    adam = make_optimizer(
        Model(), TrainingOptions(lr=1.0), {"estimator.baseline": 2.0, "estimator.temper": 2.0}
    )
    assert [len(group["params"]) for group in adam.param_groups] == [2, 4]


def test_parameters_that_are_frozen_are_left_alone():
    model = Model()
    model.encoder.requires_grad_(False)
    assert not any(name.startswith("encoder") for name in rates(model, {}))


def test_a_learning_rate_of_no_component_is_refused_with_the_nearest():
    with pytest.raises(ObjcentricError, match=r"'estimatr.baseline'.*did you mean 'estimator'"):
        make_optimizer(Model(), TrainingOptions(lr=1.0), {"estimatr.baseline": 2.0})


def test_each_learning_rate_group_has_its_own_gradient_norm():
    model = Model()
    adam = make_optimizer(model, TrainingOptions(lr=1.0), {"estimator": 2.0})
    for name, parameter in model.named_parameters():
        parameter.grad = torch.full_like(parameter, 1e6 if "estimator" in name else 1e-3)
    clip_gradients(adam, 0.5)
    small, large = (
        torch.stack([p.grad.norm() for p in group["params"]]).norm() for group in adam.param_groups
    )
    torch.testing.assert_close(large, torch.tensor(0.5))
    torch.testing.assert_close(small, torch.tensor(1e-3 * 6**0.5))


@pytest.mark.parametrize(
    ("kind", "momentum"),
    [("adam", 0.0), ("rmsprop", 0.0), ("rmsprop", 0.9), ("sgd", 0.0), ("sgd", 0.9)],
)
def test_a_restored_optimiser_takes_the_same_next_step(kind, momentum):
    options = TrainingOptions(lr=0.1, optimizer=kind, momentum=momentum)
    model, other = Model(), Model()
    first = make_optimizer(model, options, {"estimator": 0.2})
    model.step(first)
    other.load_state_dict(model.state_dict())
    again = make_optimizer(other, options, {"estimator": 0.2})
    state = {key: value.clone() for key, value in optimizer_state(model, first).items()}
    restore_optimizer_state(other, again, state)
    model.step(first)
    other.step(again)
    for mine, theirs in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_momentum_reaches_the_optimiser():
    options = TrainingOptions(optimizer="rmsprop", momentum=0.9)
    assert make_optimizer(Model(), options, {}).defaults["momentum"] == 0.9


def test_momentum_beside_adam_is_refused():
    with pytest.raises(ValueError, match="momentum is an option of rmsprop and sgd"):
        TrainingOptions(momentum=0.9)
