"""The default AIR components against an independent implementation written from the paper."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
from einops import rearrange
from hypothesis import given
from hypothesis import strategies as st
from plain_air import STEPS, Noise, PlainAir, Terms, scale_and_shift
from torch import Tensor
from torch.distributions import kl_divergence
from torch.nn import functional as F
from twins import BY_THE_BOOK, air, chooser, same_weights, weights

from objcentric.interfaces import Objective
from objcentric.model.objective_options import ObjectiveOptions
from objcentric.model.wired_model import WiredModel
from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric_air.recurrent_baseline import RecurrentBaseline
from objcentric_air.reinforce import Reinforce
from objcentric_air.spatial_transformer import SpatialTransformer

START = Progress.at(0.0, epochs=1.0)
BATCH = 16


def some_image(*shape: int) -> Tensor:
    """Bright smooth spots on black, in float64."""
    return (3 * F.avg_pool2d(torch.randn(shape), 5, 1, 2)).clamp(0, 1).double()


def shaken(model: WiredModel) -> WiredModel:
    """The model in float64, away from its first weights: undecided about presence, objects grey."""
    model = model.double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
        model.get_parameter("scheduler.network.last.bias")[0] = 0.5
        *_, bias = model.decoder.parameters()
        bias.add_(3.0)
    return model


@dataclass(frozen=True)
class Twins:
    """The same batch through both implementations."""

    model: WiredModel
    objective: Objective
    plain: PlainAir
    terms: Terms


@pytest.fixture
def twins() -> Twins:
    """The same batch through both implementations, with the same weights, noise and codes."""
    model = shaken(air())
    plain = same_weights(model)
    image = some_image(BATCH, 1, 50, 50)
    noise = Noise.draw(image)
    model.perception.chooser = chooser(noise)
    taken: list[Tensor] = []
    model.estimator.register_forward_hook(lambda _, __, estimate: taken.append(estimate.codes))
    objective = model.objective(image, START)
    codes = rearrange(taken[0], "1 b n -> n b")
    terms = plain(image, replace(noise, presence=1 - codes))
    return Twins(model, objective, plain, terms)


def test_the_batch_that_is_compared_holds_every_number_of_objects(twins: Twins) -> None:
    assert set(twins.terms.presence.sum(-1).tolist()) == {0, 1, 2, 3}


def test_every_term_of_every_image_agrees(twins: Twins) -> None:
    ours, terms = twins.objective.terms, twins.terms
    close: dict[str, Any] = {"rtol": 0, "atol": 1e-5}
    torch.testing.assert_close(ours["nll"], terms.nll, **close)
    torch.testing.assert_close(ours["presence_kl"], terms.kl_pres, **close)
    torch.testing.assert_close(ours["where_kl"], terms.kl_where, **close)
    torch.testing.assert_close(ours["what_kl"], terms.kl_what, **close)


def test_the_baseline_and_the_loss_agree(twins: Twins) -> None:
    objective, terms = twins.objective, twins.terms
    mean = terms.mean()
    torch.testing.assert_close(
        objective.diagnostics["baseline_error"], mean.baseline_loss, rtol=1e-9, atol=0
    )
    torch.testing.assert_close(objective.loss, mean.loss, rtol=1e-9, atol=0)


def test_the_gradient_of_every_parameter_agrees(twins: Twins) -> None:
    twins.objective.loss.backward()
    twins.terms.mean().loss.backward()
    gradients = weights(twins.model, lambda parameter: parameter.grad)
    for (name, ours), theirs in zip(gradients.items(), twins.plain.parameters(), strict=True):
        assert ours.abs().max() > 0, name
        scale = theirs.grad.abs().max().item()
        torch.testing.assert_close(ours, theirs.grad, rtol=0, atol=1e-6 * scale, msg=name)


def test_both_implementations_start_from_the_same_outputs() -> None:
    image = some_image(2, 1, 50, 50).float()
    noise = Noise.draw(image)
    noise = replace(noise, presence=torch.zeros_like(noise.presence))  # all objects present
    model, plain = air(), PlainAir()
    model.perception.chooser = chooser(noise)
    drafts = model.scheduler(image, model.perception)
    assert (drafts.presence.logits == 2).all()
    start = torch.tensor([3.0, 0.0, 0.0])
    assert (drafts.where.distribution.mean == start).all()
    torch.testing.assert_close(drafts.where.distribution.variance.log().mean().item(), -3.0)
    terms = plain(image, noise)
    torch.testing.assert_close(model.prior(START).where.mean, start.expand(STEPS, 3))
    torch.testing.assert_close(
        terms.kl_where,
        torch.distributions.kl_divergence(drafts.where.distribution, model.prior(START).where).sum(
            (1, 2)
        ),
    )


# Presence: the score-function estimate against the sum over all codes

SMALL = RequestedScene(image_shape=(1, 10, 10), objects=3, what_dim=4, glimpse=6).settled(
    SpatialTransformer.where_spec
)
DIRECTIONS = 20


def exact_loss(model: WiredModel, image: Tensor) -> tuple[Tensor, Tensor]:
    """The expected loss over all presence codes, by hand; and it without the score's share."""
    options = model.options
    drafts = model.scheduler(image, model.perception)
    prior = model.prior(START)
    codes = drafts.presence.enumerate_support()  # (S, B, K)
    prob = drafts.presence.log_prob(codes).exp()  # (S, B)
    reached = F.pad(codes[..., :-1], (1, 0), value=1.0)
    canvas = (codes[..., None, None, None] * drafts.layers.color).sum(2)
    nll = (image - canvas).square().sum((2, 3, 4)) / (2 * 0.6**2)
    where_kl = kl_divergence(drafts.where.distribution, prior.where).sum(-1)
    what_kl = kl_divergence(drafts.what.distribution, prior.what).sum(-1)
    mask = reached if options.object_kl == "reached" else codes
    object_kl = options.beta * (mask * (where_kl + what_kl)).sum(-1)  # (S, B)
    step_kl = drafts.presence.step_kl(prior.presence)
    presence_kl = options.beta * (reached * step_kl).sum(-1)
    fixed = prob.detach()
    if options.signal == "elbo":
        presence_kl = options.beta * kl_divergence(drafts.presence, prior.presence)
        return (prob * (nll + object_kl)).sum(0).mean() + presence_kl.mean(), (
            (fixed * (nll + object_kl)).sum(0).mean() + presence_kl.mean()
        )
    unscored = (fixed * (object_kl + presence_kl)).sum(0).mean()
    return (prob * nll).sum(0).mean() + unscored, (fixed * nll).sum(0).mean() + unscored


@pytest.mark.parametrize(
    "options",
    [BY_THE_BOOK, ObjectiveOptions(), ObjectiveOptions(object_kl="reached", beta=0.7)],
    ids=["likelihood", "elbo", "elbo of reached"],
)
def test_reinforce_is_an_unbiased_gradient_of_the_exact_expectation(
    options: ObjectiveOptions,
) -> None:
    """Seed 0; 150 means of 100 codes; 20 random directions in the space of all parameters, the
    mean in each within z = 4.5; what only the score can give is more than z = 8 in one."""
    scene = SMALL
    model = shaken(
        air(
            scene,
            options,
            Reinforce(baseline=RecurrentBaseline(scene), samples=100),
            hidden=16,
            width=16,
        )
    )
    image = some_image(4, *scene.image_shape)
    noise = Noise(torch.randn(3, 4, 3).double(), torch.randn(3, 4, 4).double(), torch.empty(0))
    parameters = [p for name, p in model.named_parameters() if not name.startswith("estimator")]
    directions = [torch.randn(DIRECTIONS, p.numel(), dtype=p.dtype) for p in parameters]

    def slopes(loss: Tensor) -> Tensor:
        gradients = torch.autograd.grad(loss, parameters)
        terms = [d @ g.flatten() for d, g in zip(directions, gradients, strict=True)]
        return torch.stack(terms).sum(0)

    def again() -> WiredModel:
        model.perception.chooser = chooser(noise)
        return model

    exact = slopes(exact_loss(again(), image)[0])
    scoreless = slopes(exact_loss(again(), image)[1])
    estimates = torch.stack([slopes(again().objective(image, START).loss) for _ in range(150)])
    error = estimates.std(0) / len(estimates) ** 0.5
    z = (estimates.mean(0) - exact) / error
    assert z.abs().max() < 4.5
    assert ((scoreless - exact) / error).abs().max() > 8


# Windows: matrix products against grid_sample

windows = st.tuples(st.floats(0.3, 6), st.floats(-3, 3), st.floats(-3, 3))
TALL = RequestedScene(image_shape=(2, 17, 12), objects=2, what_dim=4, glimpse=8).settled(
    SpatialTransformer.where_spec
)


def sampled(source: Tensor, s: Tensor, tx: Tensor, ty: Tensor, size: tuple[int, int]) -> Tensor:
    """`source` (B, C, h, w) at s·u + t for each u of a grid of the given size."""
    grid = F.affine_grid(scale_and_shift(s, tx, ty), [len(source), 1, *size], align_corners=False)
    return F.grid_sample(source, grid, "bilinear", "zeros", align_corners=False)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-6), (torch.float32, 2e-5)])
@given(where=st.lists(windows, min_size=2, max_size=2))
def test_windows_are_read_and_written_as_grid_sample_does(
    where: list[tuple[float, float, float]], dtype: torch.dtype, tolerance: float
) -> None:
    glimpser = SpatialTransformer(TALL.requested)
    generator = torch.Generator().manual_seed(0)
    image = torch.rand(1, 2, 17, 12, dtype=dtype, generator=generator)
    patches = torch.rand(1, 2, 2, 8, 8, dtype=dtype, generator=generator)
    z = torch.tensor(where, dtype=dtype)  # (K, 3)
    s, tx, ty = z.unbind(-1)
    close: dict[str, Any] = {"rtol": 0, "atol": tolerance}
    read = sampled(image.expand(2, 2, 17, 12), 1 / s, -tx / s, -ty / s, (8, 8))
    torch.testing.assert_close(glimpser.read(image, z[None])[0], read, **close)
    written = sampled(patches[0], s, tx, ty, (17, 12))
    torch.testing.assert_close(glimpser.write(patches, z[None])[0], written, **close)


def test_gradients_of_windows_agree_with_finite_differences() -> None:
    """Seed 0 keeps all sampling points away from pixel centres, where the slope jumps."""
    glimpser = SpatialTransformer(RequestedScene((1, 7, 6), objects=2, what_dim=4, glimpse=4))
    image = torch.rand(2, 1, 7, 6, dtype=torch.float64, requires_grad=True)
    patches = torch.rand(2, 2, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    where = torch.tensor([2.0, 0.0, 0.0]) + 0.3 * torch.randn(2, 2, 3)
    where = where.double().requires_grad_()
    assert torch.autograd.gradcheck(glimpser.read, (image, where))
    assert torch.autograd.gradcheck(glimpser.write, (patches, where))


def test_a_patch_that_is_written_and_read_again_is_the_patch() -> None:
    """Where one canvas pixel is exactly one patch pixel, no interpolation is left."""
    glimpser = SpatialTransformer(RequestedScene((1, 12, 12), objects=1, what_dim=4, glimpse=6))
    patch = torch.rand(3, 1, 1, 6, 6)
    where = torch.tensor([2.0, 1 / 3, -2 / 3]).expand(3, 1, 3)
    canvas = rearrange(glimpser.write(patch, where), "b 1 c h w -> b c h w")
    torch.testing.assert_close(canvas.sum(), patch.sum())
    torch.testing.assert_close(glimpser.read(canvas, where), patch)
