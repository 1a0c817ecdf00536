import torch
from torch.distributions import kl_divergence

from objcentric.presence import CertainPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec
from objcentric_priors.certain import Certain

SCENE = SceneSpec((1, 8, 8), objects=3, what_dim=2, glimpse=4)
START = Progress(epoch=0.0, epochs=1.0, images=0)


def test_every_slot_of_every_scene_is_present():
    presence, _, _ = Certain(SCENE).sample(5, START)
    assert torch.equal(presence, torch.ones(5, 3))


def test_it_charges_nothing():
    posterior = CertainPresence(torch.randn(2, 3))
    kl = kl_divergence(posterior, Certain(SCENE).presence(START).expand((2,)))
    assert torch.equal(kl, torch.zeros(2))
