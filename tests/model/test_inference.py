"""What the default wiring finds, how likely it says images are, and what it draws by itself."""

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from conjugate import Conjugate, conjugate
from tiny_parts import CONSTANT, SCENE, START, LinearEncoder, by_hand, tiny
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from objcentric.deterministic import Deterministic
from objcentric.interfaces import Inference, Prior
from objcentric.interfaces.perception import draw_sample
from objcentric.interfaces.scene_model import NotAble
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.testing.partners.pasted import Pasted


@pytest.fixture
def image() -> Tensor:
    return torch.rand(5, 1, 4, 4)


def tensors(inference: Inference) -> dict[str, Tensor]:
    """All that was found, by name."""
    plain = {name: value for name, value in vars(inference).items() if isinstance(value, Tensor)}
    return plain | dict(inference.attributes)


def test_inference_is_deterministic_and_takes_the_most_probable_code(image: Tensor) -> None:
    model = tiny()
    model.perception.chooser = draw_sample  # what training does is none of inference's business
    first, second = model.infer(image), model.infer(image)
    for name, value in tensors(first).items():
        assert torch.equal(value, getattr(second, name)), name
    drafts = model.scheduler(image, model.calm_perception)
    assert torch.equal(first.presence, drafts.presence.mode)
    assert torch.equal(first.presence_probs, drafts.presence.mean)
    assert torch.equal(first.counts, drafts.presence.mode.sum(-1))
    assert torch.equal(first.where, drafts.where.distribution.mean)
    assert torch.equal(first.slots, drafts.what.distribution.mean)
    assert torch.equal(first.boxes, model.glimpser.boxes(drafts.where.sample))


def test_inference_keeps_no_graph(image: Tensor) -> None:
    found = tiny().infer(image)
    assert not any(value.requires_grad for value in tensors(found).values())


def test_a_reconstruction_shows_the_objects_that_are_present_and_no_others(image: Tensor) -> None:
    model = tiny()
    layer: Any = model.scheduler.layer
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias[:2] = torch.tensor([9.0, -9.0])
        layer.bias[2:] = 1.0
    found = model.infer(image)
    color = model.scheduler(image, model.calm_perception).layers.color
    assert (found.counts == 1).all()
    torch.testing.assert_close(found.canvas, color[:, 0])
    brightness = color[:, 0, 0].clamp(0, 1)
    expected = torch.stack([1 - brightness, brightness, torch.zeros_like(brightness)], 1)
    torch.testing.assert_close(found.masks, expected)


def test_images_of_a_batch_do_not_see_each_other(image: Tensor) -> None:
    model, order = tiny(), torch.tensor([3, 0, 4, 1, 2])
    straight, permuted = model.infer(image), model.infer(image[order])
    for name, value in tensors(straight).items():
        torch.testing.assert_close(getattr(permuted, name), value[order])


# How likely images are


def test_with_the_exact_posterior_every_weight_is_the_evidence() -> None:
    """Every sample z then gives p(image, z) / q(z | image) = p(image), absent objects or not."""
    image = torch.tensor([-1.5, 0.0, 0.4, 3.0]).reshape(4, 1, 1, 1)
    weights = conjugate().log_weights(image, 200)
    expected = Conjugate().log_evidence(image)
    torch.testing.assert_close(weights, expected.expand(200, 4), rtol=0, atol=1e-5)


def test_with_another_posterior_the_mean_of_the_weights_is_the_evidence_still() -> None:
    """Seed 0; 40,000 weights of each image; within z = 4.5, and never the same one twice."""
    image = torch.tensor([-1.5, 0.0, 0.4, 3.0]).reshape(4, 1, 1, 1)
    weights = conjugate(spread=1.2, presence_shift=0.5).log_weights(image, 40_000)
    ratio = (weights - Conjugate().log_evidence(image)).exp()
    error = ratio.std(0) / math.sqrt(len(ratio))
    assert (error > 0).all()
    assert ((ratio.mean(0) - 1) / error).abs().max() < 4.5


def test_the_weights_average_to_the_elbo_over_all_codes() -> None:
    """Seed 0; 20,000 weights, each with where and what of its own; within z = 4.5 of what the
    closed-form KLs give with 20,000 other samples of where and what."""
    model, copies = tiny(), 20_000
    model.perception.chooser = draw_sample
    image = torch.rand(1, 1, 4, 4)
    with torch.no_grad():
        weights = model.log_weights(image, copies)[:, 0]
        many = image.expand(copies, -1, -1, -1)
        presence = model.scheduler(many, model.perception).presence
        nll, slot_kl, _ = by_hand(model, many)  # codes 10 and 11
        empty = many.square().sum((1, 2, 3))
        codes = presence.enumerate_support()  # 00, 10, 11
        objects = torch.einsum("sbk,bk->sb", codes, slot_kl)
        prob = presence.log_prob(codes).exp()
        kl = kl_divergence(presence, OrderedPresence(torch.tensor([-1.0, -2.0])))
        costs = torch.stack([empty, *nll]) - CONSTANT + objects
        elbo = -(prob * costs).sum(0) - kl
    error = ((weights.var() + elbo.var()) / copies).sqrt()
    assert weights.std() > 0
    assert abs((weights.mean() - elbo.mean()) / error) < 4.5


def test_the_log_likelihood_is_that_of_a_sample_and_has_its_constant(image: Tensor) -> None:
    model = tiny()
    layer: Any = model.scheduler.layer
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias[:2] = torch.tensor([50.0, -50.0])  # surely the code 10
    nll, _, _ = by_hand(model, image)
    torch.testing.assert_close(model.log_likelihood(image), CONSTANT - nll[0].detach())


def test_weights_are_those_of_the_prior_at_the_end_of_training(image: Tensor) -> None:
    asked: list[Progress] = []
    model = tiny()
    model.prior.register_forward_pre_hook(lambda _, arguments: asked.append(*arguments))
    model.log_weights(image, 2)
    assert asked == [Progress.finished()]


@pytest.mark.parametrize("n", [1, 3])
def test_there_are_as_many_weights_of_each_image_as_asked_for(image: Tensor, n: int) -> None:
    assert tiny().log_weights(image, n).shape == (n, 5)


# What a model is able to do


def test_the_tiny_model_is_able_to_do_all_that_needs_no_renderer() -> None:
    assert tiny().abilities == {"presence", "boxes", "density", "generate", "redraw"}


def test_a_model_whose_posterior_is_one_value_has_no_density_and_says_so(image: Tensor) -> None:
    class Code(LinearEncoder):
        has_density = False

        def forward(self, glimpses: Tensor) -> Deterministic:
            return Deterministic(super().forward(glimpses).mean)

    model = tiny()
    model.encoder = Code()
    assert model.abilities == {"presence", "boxes", "redraw"}
    for ask in (lambda: model.log_weights(image, 2), lambda: model.log_likelihood(image)):
        with pytest.raises(NotAble, match="does not have the ability 'density'"):
            ask()
    with pytest.raises(NotAble, match="does not have the ability 'generate'"):
        model.generate(2)


def test_a_model_whose_scheduler_is_certain_of_presence_has_no_presence_to_be_judged_by() -> None:
    model: Any = tiny()
    model.scheduler.offers = frozenset({"certain presence"})
    assert model.abilities == {"boxes", "density", "generate", "redraw"}


def test_a_model_that_looks_at_whole_images_has_no_boxes() -> None:
    model = conjugate()
    found = model.infer(torch.rand(3, 1, 1, 1))
    assert "boxes" not in model.abilities
    assert found.boxes is None
    assert found.where is None


def test_a_model_says_what_its_renderer_knows_of_slots(image: Tensor) -> None:
    class Known(Pasted):
        attribute_names = frozenset({"position"})

        def attributes(self, what: Tensor, where: Tensor) -> dict[str, Tensor]:
            return {"position": 2 * where}

    model = tiny()
    assert model.infer(image).attributes == {}
    model.renderer = Known(SCENE)
    found = model.infer(image)
    assert "attributes" in model.abilities
    assert found.where is not None
    assert torch.equal(found.attributes["position"], 2 * found.where)


def test_an_inference_of_some_images_may_have_one_twice(image: Tensor) -> None:
    found = tiny().infer(image)
    some = found.at(torch.tensor([3, 3, 0]))
    for name, value in tensors(some).items():
        assert torch.equal(value, getattr(found, name)[[3, 3, 0]]), name


# What a model draws when its inference was changed


def test_an_inference_is_redrawn_as_it_was(image: Tensor) -> None:
    model = tiny()
    found = model.infer(image)
    torch.testing.assert_close(model.redraw(image, found), found.canvas)


def test_an_inference_without_its_objects_is_redrawn_as_what_is_behind_them(image: Tensor) -> None:
    model = tiny()
    found = model.infer(image)
    nothing = replace(found, presence=torch.zeros_like(found.presence))
    assert not model.redraw(image, nothing).any()


def test_changed_slots_change_what_is_redrawn(image: Tensor) -> None:
    model = tiny()
    found = model.infer(image)
    there = replace(found, presence=torch.ones_like(found.presence))
    canvas = model.redraw(image, there)
    assert not torch.equal(model.redraw(image, replace(there, slots=there.slots + 3)), canvas)


# What a model draws by itself


@pytest.mark.parametrize("n", [1, 7])
def test_generated_images_have_the_shape_of_images(n: int) -> None:
    assert tiny().generate(n).shape == (n, *SCENE.image_shape)


def test_generation_takes_the_prior_of_the_end_of_training() -> None:
    asked: list[Progress] = []
    model = tiny()
    model.prior.sample = lambda n, progress: (  # type: ignore[method-assign]
        asked.append(progress) or Prior.sample(model.prior, n, progress)
    )
    model.generate(2)
    assert asked == [Progress.finished()]
    assert asked != [START]


def test_generated_images_are_distributed_as_the_model_says() -> None:
    """Seed 0; 20,000 images, of which some are empty; what is drawn follows N(0, 1)."""
    drawn = conjugate().generate(20_000).flatten()
    objects = drawn[drawn != 0]
    share, present = len(objects) / len(drawn), Conjugate.PRESENT
    assert abs(share - present) < 4.5 * math.sqrt(present * (1 - present) / len(drawn))
    assert abs(objects.mean()) < 4.5 / math.sqrt(len(objects))
    quantiles = torch.tensor([0.1, 0.5, 0.9])
    torch.testing.assert_close(
        objects.quantile(quantiles), Normal(0.0, 1.0).icdf(quantiles), rtol=0, atol=0.06
    )
