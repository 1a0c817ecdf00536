"""The training scenes of an epoch: where they are kept, and which are made."""

import torch

from objcentric.interfaces import Scenes, SceneStream, Truth
from objcentric.training.engines.epoch_scenes import EpochScenes

CPU = torch.device("cpu")
N = 10


class Numbers(SceneStream):
    """Images of one pixel, which is the scene's number."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def at(self, numbers, known):
        self.made += numbers.tolist()
        return numbers.to(torch.uint8).view(-1, 1, 1, 1), Truth()


def numbered(stream: SceneStream | None) -> Scenes:
    images = torch.arange(N, dtype=torch.uint8).view(-1, 1, 1, 1)
    return Scenes(images=images, sha256="", stream=stream)


def test_an_epoch_is_made_once_in_place_and_changes_nothing_for_others():
    stream = Numbers()
    scenes = numbered(stream)
    epoch = EpochScenes(scenes, [], CPU)
    place, order = epoch.images.data_ptr(), torch.arange(N).view(2, 5)
    epoch.begin(0, order)
    assert stream.made == []  # these were there
    epoch.begin(3, order)
    epoch.begin(3, order.flip(0))
    assert epoch.images.flatten().tolist() == stream.made == list(range(30, 40))
    assert epoch.images.data_ptr() == place
    assert scenes.images.flatten().tolist() == list(range(N))


def test_a_rank_makes_the_scenes_of_its_own_steps(monkeypatch):
    monkeypatch.setattr("objcentric.training.engines.epoch_scenes.world_size", lambda: 2)
    stream = Numbers()
    epoch = EpochScenes(numbered(stream), [], CPU)
    epoch.begin(1, torch.tensor([[7, 2], [5, 2]]))
    assert stream.made == [12, 15, 17]
    assert epoch.images.flatten()[[2, 5, 7]].tolist() == [12, 15, 17]


def test_a_data_set_is_the_same_in_every_epoch():
    scenes = numbered(None)
    epoch = EpochScenes(scenes, [], CPU)
    epoch.begin(5, torch.arange(N).view(2, 5))
    assert epoch.images is scenes.images
