"""What is particular to AIR's components; by the book they are tested in the framework's tests."""

import math

import pytest
import torch
from torch.distributions import Normal

from objcentric.blocks.step_network import StepNetwork
from objcentric.blocks.windows import MIN_SCALE
from objcentric.drafts import Layers
from objcentric.interfaces import Perception
from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric_air.air_prior import AirPrior
from objcentric_air.gaussian import Gaussian
from objcentric_air.mlp_decoder import MlpDecoder
from objcentric_air.mlp_encoder import MlpEncoder
from objcentric_air.recurrent import Recurrent
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_air.sum import Sum


@pytest.fixture
def scene():
    return RequestedScene((1, 20, 20), objects=3, what_dim=4, glimpse=8).settled(
        SpatialTransformer.where_spec
    )


@pytest.fixture
def perception(scene):
    return Perception(SpatialTransformer(scene.requested), MlpEncoder(scene), MlpDecoder(scene))


def test_the_scheduler_starts_sure_of_objects_and_at_the_mean_of_the_prior(scene, perception):
    drafts = Recurrent(scene)(torch.rand(2, 1, 20, 20), perception)
    torch.testing.assert_close(drafts.presence.logits, torch.full((2, 3), 2.0))
    expected = torch.tensor(scene.where.loc).expand(2, 3, 3)
    torch.testing.assert_close(drafts.where.distribution.mean, expected)
    deviation = math.exp(-1.5)  # of log variance -3
    torch.testing.assert_close(drafts.where.distribution.stddev, torch.full((2, 3, 3), deviation))


@pytest.mark.parametrize("part", [MlpEncoder, MlpDecoder])
def test_hidden_layers_may_start_as_he_has_them(scene, part):
    hidden = part(scene, hidden=(400,), start="he").network[0]
    deviation = math.sqrt(2 / hidden.in_features)
    assert hidden.weight.std().item() == pytest.approx(deviation, rel=0.1)
    assert not hidden.bias.any()


def test_the_scheduler_starts_at_the_prior_with_hes_weights_too(scene, perception):
    scheduler = Recurrent(scene, start="he")
    assert scheduler.network.second.weight.std().item() == pytest.approx(
        math.sqrt(2 / 256), rel=0.1
    )
    drafts = scheduler(torch.rand(2, 1, 20, 20), perception)
    torch.testing.assert_close(drafts.presence.logits, torch.full((2, 3), 2.0))


def test_the_bound_of_where_holds_however_far_the_network_goes(scene, perception):
    scheduler = Recurrent(scene, where_log_var=50.0, where_log_var_bound=2.0)
    drafts = scheduler(torch.rand(2, 1, 20, 20), perception)
    assert (drafts.where.distribution.variance.log() <= 2.0 + 1e-5).all()


def test_objects_start_nearly_empty(scene):
    color = MlpDecoder(scene)(torch.randn(4, 3, 4)).color
    torch.testing.assert_close(color.mean().item(), 1 / (1 + math.exp(3)), rtol=0.2, atol=0)


def test_both_parts_of_the_first_layer_start_as_one_layer_of_all_inputs(scene):
    network = StepNetwork(scene, outputs=7, hidden=256)
    bound = 1 / math.sqrt(400 + 1 + 3 + 4 + 256)
    for weight in (network.first_of_image.weight, network.first_of_latents.weight):
        assert weight.abs().max() <= bound
        assert weight.abs().max() > 0.99 * bound


def test_the_prior_is_geometric_up_to_the_last_slot(scene):
    counts = AirPrior(scene, presence=0.25).presence(Progress.finished()).counts().probs
    torch.testing.assert_close(counts, torch.tensor([0.75, 0.1875, 0.046875, 0.015625]))


def test_layers_of_absent_objects_are_left_out_of_the_sum():
    color = torch.tensor([1.0, 10.0, 100.0]).reshape(1, 3, 1, 1, 1)
    codes = torch.tensor([[[0.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]], [[1.0, 1.0, 1.0]]])
    assert Sum()(Layers(color), codes).flatten().tolist() == [0.0, 1.0, 111.0]


def test_the_likelihood_with_its_constant_is_the_normal_density():
    likelihood = Gaussian(std=0.3)
    image, canvas = torch.rand(2, 1, 5, 5), torch.rand(3, 2, 1, 5, 5)
    density = Normal(canvas, 0.3).log_prob(image).sum((-3, -2, -1))
    found = likelihood.log_prob(image, canvas) + likelihood.log_constant(image)
    torch.testing.assert_close(found, density)


def test_a_window_that_shrank_to_nothing_is_read_and_written_at_the_least_scale(scene):
    glimpser = SpatialTransformer(scene.requested)
    image, patch = torch.rand(1, 1, 20, 20), torch.rand(1, 1, 1, 8, 8)
    gone, least = torch.tensor([[[-5.0, 0.0, 0.0]]]), torch.tensor([[[MIN_SCALE, 0.0, 0.0]]])
    torch.testing.assert_close(glimpser.read(image, gone), glimpser.read(image, least))
    torch.testing.assert_close(glimpser.write(patch, gone), glimpser.write(patch, least))
