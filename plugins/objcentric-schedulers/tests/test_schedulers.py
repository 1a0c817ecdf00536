"""What all schedulers hold to: where they start, sizes, and the extremes."""

from collections.abc import Callable

import pytest
import torch
from torch.distributions import kl_divergence

from objcentric.divergence import slot_kl
from objcentric.drafts import Drafts
from objcentric.interfaces import Prior, Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.progress import Progress
from objcentric.scene import SceneSpec
from objcentric_air.air_prior import AirPrior
from objcentric_priors.independent_bernoulli import IndependentBernoulli
from objcentric_schedulers.color_groups import ColorGroups
from objcentric_schedulers.conv_attention import ConvAttention
from objcentric_schedulers.gated import Gru, Lstm
from objcentric_schedulers.grid import Grid
from objcentric_schedulers.peak_grid import PeakGrid
from objcentric_schedulers.pursuit import Pursuit
from objcentric_schedulers.residual import Residual

RECURRENT = [Residual, Lstm, Gru, ConvAttention, Pursuit]
ALL = [*RECURRENT, ColorGroups, Grid, PeakGrid]
Perceive = Callable[..., Perception]


def tensors(drafts: Drafts) -> dict[str, torch.Tensor]:
    return {
        "presence": drafts.presence.logits,
        "where mean": drafts.where.distribution.mean,
        "where stddev": drafts.where.distribution.stddev,
        "where": drafts.where.sample,
        "what": drafts.what.sample,
        "layers": drafts.layers.color,
    }


@pytest.mark.parametrize("kind", ALL)
def test_a_new_scheduler_is_sure_of_its_objects_and_as_unsure_of_where_as_it_is_told(
    kind: Callable[..., Scheduler], scene: SceneSpec, perceive: Perceive
) -> None:
    same = {"slope_bias": 1.5} if kind is PeakGrid else {}
    scheduler = kind(scene, presence_bias=1.5, where_log_var=-2.0, where_log_var_bound=None, **same)
    drafts = scheduler(torch.rand(2, *scene.image_shape), perceive(scene))
    assert (drafts.presence.logits == 1.5).all()
    log_var = drafts.where.distribution.variance.log()
    torch.testing.assert_close(log_var, torch.full_like(log_var, -2.0))


@pytest.mark.parametrize("kind", [Residual, Lstm, Gru])
def test_a_new_scheduler_looks_where_the_prior_expects_objects(
    kind: type[Scheduler], scene: SceneSpec, perceive: Perceive
) -> None:
    drafts = kind(scene)(torch.rand(2, *scene.image_shape), perceive(scene))
    assert (drafts.where.distribution.mean == torch.tensor(scene.where.loc)).all()


@pytest.mark.parametrize("kind", ALL)
def test_one_image_is_a_batch_and_images_do_not_mix(
    kind: type[Scheduler], scene: SceneSpec, perceive: Perceive
) -> None:
    scheduler, perception = kind(scene).double(), perceive(scene, calm=True)
    perception.encoder.double()
    perception.decoder.double()
    with torch.no_grad():
        for parameter in scheduler.parameters():  # so that the image matters
            parameter.add_(0.05 * torch.randn_like(parameter))
    images = torch.rand(4, *scene.image_shape).double()
    together = tensors(scheduler(images, perception))
    alone = tensors(scheduler(images[2:3], perception))
    for name, value in together.items():
        assert value.shape[:2] == (4, scheduler.slots), name
        assert value.dtype == torch.float64, name
        torch.testing.assert_close(value[2:3], alone[name], msg=name)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("brightness", [0.0, 1.0])
@pytest.mark.parametrize("factor", [1.0, 100.0])
def test_nothing_is_ever_infinite(
    kind: type[Scheduler], brightness: float, factor: float, scene: SceneSpec, perceive: Perceive
) -> None:
    """Nor is any gradient, with all weights far outside of what training visits."""
    scheduler = kind(scene)
    with torch.no_grad():
        for parameter in scheduler.parameters():
            if factor > 1:
                parameter.add_(
                    0.1 * torch.randn_like(parameter)
                )  # the first outputs' weights are 0
            parameter.mul_(factor)
    prior_kind: type[Prior] = (
        AirPrior if "ordered presence" in kind.offers else IndependentBernoulli
    )
    prior = prior_kind(scene.with_slots(scheduler.slots))(Progress.at(0.0, epochs=1.0))
    image = torch.full((2, *scene.image_shape), brightness)
    drafts = scheduler(image, perceive(scene))
    found = tensors(drafts) | {
        "presence KL": kl_divergence(drafts.presence, prior.presence),
        "where KL": slot_kl(drafts.where, prior.where),
        "what KL": slot_kl(drafts.what, prior.what),
    }
    assert [name for name, value in found.items() if not value.isfinite().all()] == []
    loss = found["presence KL"].sum() + found["where KL"].mean() + drafts.layers.color.sum()
    loss.backward()
    bad = [n for n, p in scheduler.named_parameters() if not p.grad.isfinite().all()]
    assert bad == []


@pytest.mark.parametrize("kind", ALL)
def test_half_precision_does_not_break_a_step(
    kind: type[Scheduler], scene: SceneSpec, perceive: Perceive
) -> None:
    scheduler = kind(scene)
    image = torch.rand(2, *scene.image_shape)
    with torch.autocast("cpu", torch.bfloat16):
        drafts = scheduler(image, perceive(scene))
        loss = drafts.layers.color.sum() + drafts.presence.logits.sum()
    loss.backward()
    assert all(value.isfinite().all() for value in tensors(drafts).values())
    assert all(parameter.grad.isfinite().all() for parameter in scheduler.parameters())


@pytest.mark.parametrize("kind", RECURRENT)
def test_a_step_knows_the_steps_before_and_none_after(
    kind: type[Scheduler], scene: SceneSpec, perceive: Perceive
) -> None:
    scheduler, perception = kind(scene), perceive(scene)
    image = torch.rand(1, *scene.image_shape)
    with torch.no_grad():
        scheduler.get_parameter("network.last.weight").normal_()

    def logits(surprise: float) -> torch.Tensor:
        """With the where of the second step moved."""
        moves = iter([0.0, 0.0, surprise, 0.0, 0.0, 0.0])  # where and what of each step
        perception.chooser = lambda distribution: distribution.mean + next(moves)
        return scheduler(image, perception).presence.logits

    same = logits(0.0) == logits(0.3)
    assert same.tolist() == [[True, True, False]]


@pytest.mark.parametrize("kind", [Residual, ConvAttention, Pursuit])
def test_no_gradient_flows_through_what_is_left_to_explain(
    kind: type[Scheduler], scene: SceneSpec, perceive: Perceive
) -> None:
    """The decoder is not told to draw so that later steps find their objects."""
    scheduler, perception = kind(scene), perceive(scene)
    with torch.no_grad():
        scheduler.get_parameter("network.last.weight").normal_()
    drafts = scheduler(torch.rand(2, *scene.image_shape), perception)
    drafts.where.sample.sum().backward()
    assert all(parameter.grad is None for parameter in perception.decoder.parameters())
    assert any(parameter.grad is not None for parameter in perception.encoder.parameters())
