"""How the default wiring puts its loss together."""

from dataclasses import replace

import pytest
import torch
from einops import rearrange
from tiny_parts import CODES, START, WEIGHTS, Given, by_hand, tiny
from torch import Tensor
from torch.distributions import kl_divergence

from objcentric.interfaces import Context, Cost, Estimate
from objcentric.model.wired_model import WiredModel
from objcentric.presence import OrderedPresence, Presence
from objcentric_air.sum import Sum


class GivenBound(Given):
    bounds_presence = True


@pytest.fixture
def image() -> Tensor:
    return torch.rand(5, 1, 4, 4)


def slopes(model: WiredModel, loss: Tensor) -> list[Tensor]:
    return list(torch.autograd.grad(loss, [*model.parameters()]))


def test_one_unroll_tells_the_cost_of_every_code(image: Tensor) -> None:
    seen: list[Tensor] = []

    class Curious(Given):
        def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
            seen.append(cost(posterior.enumerate_support()))
            return super().forward(posterior, cost, context)

    model = tiny(Curious(CODES, WEIGHTS), signal="likelihood")
    model(image, START)
    assert model.scheduler.calls == 1
    torch.testing.assert_close(seen[0][1:], by_hand(model, image)[0])
    torch.testing.assert_close(seen[0][0], image.square().sum((1, 2, 3)))


@pytest.mark.parametrize("signal", ["elbo", "likelihood"])
@pytest.mark.parametrize("object_kl", ["present", "reached"])
def test_the_costs_of_all_codes_are_those_of_each(
    image: Tensor, signal: str, object_kl: str
) -> None:
    seen: list[Tensor] = []

    class Curious(Given):
        def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
            seen.extend((cost.of_support(posterior), cost(posterior.enumerate_support())))
            return super().forward(posterior, cost, context)

    model = tiny(Curious(CODES, WEIGHTS), signal=signal, object_kl=object_kl)
    model.compositor = Sum()  # its prefixes are a pass of their own
    model(image, START)
    torch.testing.assert_close(seen[0], seen[1])


@pytest.mark.parametrize("signal", ["elbo", "likelihood"])
@pytest.mark.parametrize("object_kl", ["present", "reached"])
@pytest.mark.parametrize("presence_kl", ["exact", "reached"])
def test_the_loss_is_put_together_as_the_options_say(
    image: Tensor, signal: str, object_kl: str, presence_kl: str
) -> None:
    """Of code 10 slot 1 is present and both are reached; of code 11 both are both."""
    model = tiny(beta=0.7, signal=signal, object_kl=object_kl, presence_kl=presence_kl)
    nll, slot_kl, logits = by_hand(model, image)
    q, p = OrderedPresence(logits), OrderedPresence(torch.tensor([-1.0, -2.0]))
    mask = torch.tensor([[1.0, float(object_kl == "reached")], [1.0, 1.0]])
    weights = torch.tensor(WEIGHTS)
    kl = kl_divergence(q, p) if presence_kl == "exact" else q.step_kl(p).sum(-1)
    kl = kl + weights @ (rearrange(mask, "s k -> s 1 k") * slot_kl).sum(-1)
    expected = (weights @ nll + 0.7 * kl).mean()
    objective = model(image, START)
    torch.testing.assert_close(objective.loss, expected)
    for ours, hand in zip(slopes(model, objective.loss), slopes(model, expected), strict=True):
        torch.testing.assert_close(ours, hand)


@pytest.mark.parametrize(("signal", "told"), [("elbo", True), ("likelihood", False)])
def test_the_signal_says_whether_the_estimator_is_told_of_the_object_kl(
    image: Tensor, signal: str, told: bool
) -> None:
    costs: list[Tensor] = []
    model = tiny(signal=signal, beta=2.0)
    model.estimator.register_forward_hook(lambda _, __, estimate: costs.append(estimate.costs))
    model(image, START)
    nll, slot_kl, _ = by_hand(model, image)
    kl = torch.stack([slot_kl[:, 0], slot_kl.sum(-1)])
    torch.testing.assert_close(costs[0], nll + 2.0 * kl if told else nll)


@pytest.mark.parametrize("signal", ["elbo", "likelihood"])
def test_reported_terms_are_unweighted_and_add_up_to_the_loss(image: Tensor, signal: str) -> None:
    model = tiny(beta=0.7, signal=signal)
    objective = model(image, START)
    nll, slot_kl, _ = by_hand(model, image)
    torch.testing.assert_close(objective.terms["nll"], torch.tensor(WEIGHTS) @ nll)
    kl = objective.terms["where_kl"] + objective.terms["what_kl"]
    torch.testing.assert_close(kl, slot_kl[:, 0] + 0.75 * slot_kl[:, 1])
    total = objective.terms["nll"] + 0.7 * (kl + objective.terms["presence_kl"])
    torch.testing.assert_close(objective.loss, total.mean())


def test_a_bound_that_accounts_for_presence_gets_no_presence_kl(image: Tensor) -> None:
    with_kl = tiny()
    without = tiny(GivenBound(CODES, WEIGHTS))
    without.load_state_dict(with_kl.state_dict())
    a, b = with_kl(image, START), without(image, START)
    torch.testing.assert_close(a.loss - b.loss, a.terms["presence_kl"].mean())
    torch.testing.assert_close(a.terms["presence_kl"], b.terms["presence_kl"])


def test_the_presence_kl_takes_the_estimators_step(image: Tensor) -> None:
    class Slow(Given):
        def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
            return replace(super().forward(posterior, cost, context), presence_step=0.25)

    plain, slow = tiny(beta=0.7), tiny(Slow(CODES, WEIGHTS), beta=0.7)
    slow.load_state_dict(plain.state_dict())
    a, b = plain(image, START), slow(image, START)
    torch.testing.assert_close(a.loss - b.loss, 0.75 * 0.7 * a.terms["presence_kl"].mean())
    torch.testing.assert_close(a.terms["presence_kl"], b.terms["presence_kl"])


def test_no_gradient_reaches_what_the_estimators_networks_look_at(image: Tensor) -> None:
    contexts: list[Context] = []

    class Nosy(Given):
        def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
            contexts.append(context)
            return super().forward(posterior, cost, context)

    tiny(Nosy(CODES, WEIGHTS))(image, START)
    assert not contexts[0].where.requires_grad
    assert not contexts[0].what.requires_grad


def test_images_of_a_batch_do_not_see_each_other(image: Tensor) -> None:
    model = tiny()
    order = torch.tensor([3, 0, 4, 1, 2])
    straight, permuted = model(image, START), model(image[order], START)
    assert set(straight.terms) == {"nll", "presence_kl", "where_kl", "what_kl"}
    for name, term in straight.terms.items():
        torch.testing.assert_close(permuted.terms[name], term[order])
    torch.testing.assert_close(permuted.presence, straight.presence[order])
    torch.testing.assert_close(permuted.loss, straight.loss)


def test_the_reported_presence_is_the_most_probable_code(image: Tensor) -> None:
    model = tiny()
    posterior = model.scheduler(image, model.perception).presence
    assert torch.equal(model(image, START).presence, posterior.mode)


def test_reports_hold_on_to_no_graph(image: Tensor) -> None:
    objective = tiny()(image, START)
    assert objective.loss.requires_grad
    reported = [*objective.terms.values(), *objective.diagnostics.values(), objective.presence]
    assert not any(tensor.requires_grad for tensor in reported)
