"""The wiring of the interfaces, with the smallest components that can be wired."""

from dataclasses import replace

import pytest
import torch
from einops import rearrange, repeat
from torch import Tensor, nn
from torch.distributions import Distribution, Normal, kl_divergence

from objcentric.drafts import Appearance, Drafts, Layers
from objcentric.interfaces import (
    Compositor,
    Context,
    Cost,
    Estimate,
    Glimpser,
    GradientEstimator,
    Likelihood,
    ObjectDecoder,
    ObjectEncoder,
    Prior,
    Scheduler,
)
from objcentric.interfaces.perception import Perception, take_mean
from objcentric.model.wired_model import WiredModel
from objcentric.objective import Objective, ObjectiveOptions
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene, WhereSpec

SCENE = RequestedScene((1, 4, 4), objects=2, what_dim=3, glimpse=4).settled(
    WhereSpec(("brightness",), (1.0,), (0.5,))
)
START = Progress.at(0.0, epochs=1.0)
CONSTANT = -7.0


class WholeImage(Glimpser):
    """Looks at everything; where is a factor of brightness."""

    where_spec = SCENE.where

    def read(self, image: Tensor, where: Tensor) -> Tensor:
        return rearrange(image, "b c h w -> b 1 c h w") * rearrange(where, "b k 1 -> b k 1 1 1")

    def write(self, patches: Tensor, where: Tensor) -> Tensor:
        return patches * rearrange(where, "b k 1 -> b k 1 1 1")

    def boxes(self, where: Tensor) -> Tensor:
        return repeat(where.new_tensor([0, 0, 4, 4]), "xy -> b k xy", b=len(where), k=2)


class LinearEncoder(ObjectEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(16, 3)

    def forward(self, glimpses: Tensor) -> Distribution:
        return Normal(self.layer(rearrange(glimpses, "b k c h w -> b k (c h w)")), 0.3)


class LinearDecoder(ObjectDecoder):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 16)

    def forward(self, what: Tensor) -> Appearance:
        return Appearance(
            rearrange(self.layer(what).sigmoid(), "b k (c h w) -> b k c h w", c=1, h=4)
        )


class AtOnce(Scheduler):
    """All slots from one linear layer."""

    def __init__(self) -> None:
        super().__init__(SCENE)
        self.layer = nn.Linear(16, 4)
        self.calls = 0

    def forward(self, image: Tensor, perception: Perception) -> Drafts:
        self.calls += 1
        logits, mean = self.layer(rearrange(image, "b c h w -> b (c h w)")).chunk(2, -1)
        where = perception.choose(Normal(rearrange(mean, "b k -> b k 1"), 0.2))
        what = perception.look(image, where.sample)
        layers = perception.draw(what.sample, where.sample)
        return Drafts(OrderedPresence(logits), where, what, layers)


class Given(GradientEstimator):
    """Takes the cost at given codes, each counting for a given weight."""

    def __init__(self, codes: list[list[float]], weights: list[float]) -> None:
        super().__init__()
        self.codes, self.weights = torch.tensor(codes), torch.tensor(weights)

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        batch = len(context.image)
        codes = repeat(self.codes, "s k -> s b k", b=batch)
        weights = repeat(self.weights, "s -> s b", b=batch)
        costs = cost(codes)
        loss = (weights * costs).sum(0).mean()
        return Estimate(loss, codes, costs.detach(), weights)


class GivenBound(Given):
    bounds_presence = True


class Coin(Prior):
    def presence(self, progress: Progress) -> Presence:
        return OrderedPresence(torch.tensor([-1.0, -2.0]))


class Add(Compositor):
    def forward(self, layers: Layers, presence: Tensor) -> Tensor:
        return (rearrange(presence, "s b k -> s b k 1 1 1") * layers.color).sum(2)


class Squares(Likelihood):
    def log_prob(self, image: Tensor, canvas: Tensor) -> Tensor:
        return -(image - canvas).square().sum((2, 3, 4))

    def log_constant(self, image: Tensor) -> float:
        return CONSTANT


CODES, WEIGHTS = [[1.0, 0.0], [1.0, 1.0]], [0.25, 0.75]


def tiny(estimator: GradientEstimator | None = None, **options: object) -> WiredModel:
    model = WiredModel(
        glimpser=WholeImage(SCENE.requested),
        encoder=LinearEncoder(),
        decoder=LinearDecoder(),
        scheduler=AtOnce(),
        estimator=estimator or Given(CODES, WEIGHTS),
        prior=Coin(SCENE),
        compositor=Add(),
        likelihood=Squares(),
        objective=ObjectiveOptions(**options),
    )
    model.perception.chooser = take_mean  # nothing but presence is left to chance
    return model


@pytest.fixture
def image() -> Tensor:
    return torch.rand(5, 1, 4, 4)


def by_hand(model: WiredModel, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """NLL of the two codes (S, B), object KL of the two slots (B, K), logits of presence (B, K)."""
    drafts = model.scheduler(image, model.perception)
    one, two = drafts.layers.color.unbind(1)
    nll = [(image - canvas).square().sum((1, 2, 3)) for canvas in (one, one + two)]
    where_kl = kl_divergence(drafts.where.distribution, Normal(1.0, 0.5)).sum(-1)
    what_kl = kl_divergence(drafts.what.distribution, Normal(0.0, 1.0)).sum(-1)
    return torch.stack(nll), where_kl + what_kl, drafts.presence.logits


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
    torch.testing.assert_close(objective.nll, torch.tensor(WEIGHTS) @ nll)
    kl = objective.where_kl + objective.what_kl
    torch.testing.assert_close(kl, slot_kl[:, 0] + 0.75 * slot_kl[:, 1])
    total = objective.nll + 0.7 * (kl + objective.presence_kl)
    torch.testing.assert_close(objective.loss, total.mean())


def test_a_bound_that_accounts_for_presence_gets_no_presence_kl(image: Tensor) -> None:
    with_kl = tiny()
    without = tiny(GivenBound(CODES, WEIGHTS))
    without.load_state_dict(with_kl.state_dict())
    a, b = with_kl(image, START), without(image, START)
    torch.testing.assert_close(a.loss - b.loss, a.presence_kl.mean())
    torch.testing.assert_close(a.presence_kl, b.presence_kl)


def test_the_presence_kl_takes_the_estimators_step(image: Tensor) -> None:
    class Slow(Given):
        def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
            return replace(super().forward(posterior, cost, context), presence_step=0.25)

    plain, slow = tiny(beta=0.7), tiny(Slow(CODES, WEIGHTS), beta=0.7)
    slow.load_state_dict(plain.state_dict())
    a, b = plain(image, START), slow(image, START)
    torch.testing.assert_close(a.loss - b.loss, 0.75 * 0.7 * a.presence_kl.mean())
    torch.testing.assert_close(a.presence_kl, b.presence_kl)


def test_no_gradient_reaches_what_the_estimators_networks_look_at(image: Tensor) -> None:
    contexts: list[Context] = []

    class Nosy(Given):
        def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
            contexts.append(context)
            return super().forward(posterior, cost, context)

    tiny(Nosy(CODES, WEIGHTS))(image, START)
    assert not contexts[0].where.requires_grad
    assert not contexts[0].what.requires_grad


def test_inference_is_deterministic_and_takes_the_most_probable_code(image: Tensor) -> None:
    model = tiny()
    first, second = model.infer(image), model.infer(image)
    assert torch.equal(first.canvas, second.canvas)
    assert torch.equal(first.what, second.what)
    posterior = first.drafts.presence
    assert torch.equal(first.presence, posterior.mode)
    assert torch.equal(first.counts, first.count_probs.argmax(-1).float())
    assert torch.equal(first.where, first.drafts.where.distribution.mean)
    assert torch.equal(model.reconstruct(image), first.canvas)


def test_a_reconstruction_shows_the_objects_that_are_present_and_no_others(image: Tensor) -> None:
    model = tiny()
    with torch.no_grad():
        model.scheduler.layer.weight.zero_()
        model.scheduler.layer.bias[:2] = torch.tensor([9.0, -9.0])
    found = model.infer(image)
    assert (found.counts == 1).all()
    torch.testing.assert_close(found.canvas, found.drafts.layers.color[:, 0])


@pytest.mark.parametrize("n", [1, 7])
def test_generated_images_have_the_shape_of_images(n: int) -> None:
    assert tiny().generate(n).shape == (n, *SCENE.image_shape)


def test_generation_takes_the_prior_of_the_given_progress(image: Tensor) -> None:
    asked: list[Progress] = []
    model = tiny()
    model.prior.sample = lambda n, progress: (  # type: ignore[method-assign]
        asked.append(progress) or Prior.sample(model.prior, n, progress)
    )
    model.generate(2)
    model.generate(2, START)
    assert asked == [Progress.finished(), START]


def test_the_bound_averages_to_the_elbo_over_all_codes() -> None:
    """Seed 0; 20,000 copies of an image; within z = 4.5 of the enumeration."""
    copies = 20_000
    model = tiny()
    image = torch.rand(1, 1, 4, 4)
    with torch.no_grad():
        bound = model.bound(image.expand(copies, -1, -1, -1), START)
        drafts = model.scheduler(image, model.perception)
        nll, slot_kl, _ = by_hand(model, image)
        empty = image.square().sum((1, 2, 3))
        costs = torch.cat([empty[None], nll])[:, 0] - CONSTANT
        costs = costs + torch.tensor([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]) @ slot_kl[0]
        prob = drafts.presence.log_prob(drafts.presence.enumerate_support()).exp()[:, 0]
        kl = kl_divergence(drafts.presence, OrderedPresence(torch.tensor([-1.0, -2.0])))
        exact = -(prob @ costs) - kl[0]
    z = (bound.elbo.mean() - exact) / (bound.elbo.std() / copies**0.5)
    assert bound.elbo.std() > 0
    assert abs(z) < 4.5
    torch.testing.assert_close(bound.elbo, -bound.nll - bound.presence_kl - bound.object_kl)


def test_images_of_a_batch_do_not_see_each_other(image: Tensor) -> None:
    model = tiny()
    order = torch.tensor([3, 0, 4, 1, 2])

    def terms(objective: Objective) -> Tensor:
        kls = [objective.presence_kl, objective.where_kl, objective.what_kl]
        return torch.stack([objective.nll, *kls, objective.counts])

    straight, permuted = model(image, START), model(image[order], START)
    torch.testing.assert_close(terms(permuted), terms(straight)[:, order])
    torch.testing.assert_close(permuted.loss, straight.loss)
    torch.testing.assert_close(model.infer(image[order]).canvas, model.infer(image).canvas[order])
