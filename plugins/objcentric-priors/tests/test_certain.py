import torch
from torch.distributions import kl_divergence

from objcentric.presence import CertainPresence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_priors.certain import Certain

SCENE = RequestedScene((1, 8, 8), objects=3, what_dim=2, glimpse=4).settled(
    SpatialTransformer.where_spec
)
START = Progress.at(0.0, epochs=1.0)


def test_every_slot_of_every_scene_is_present():
    presence, _, _ = Certain(SCENE).sample(5, START)
    assert torch.equal(presence, torch.ones(5, 3))


def test_it_charges_nothing():
    posterior = CertainPresence(torch.randn(2, 3))
    kl = kl_divergence(posterior, Certain(SCENE).presence(START).expand((2,)))
    assert torch.equal(kl, torch.zeros(2))
