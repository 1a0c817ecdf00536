"""What is known of scenes."""

import pytest
import torch

from objcentric.interfaces import Scenes, Truth

COUNTS = torch.tensor([0, 2, 1])
SHAPE = torch.arange(6).reshape(3, 2)


@pytest.fixture
def scenes() -> Scenes:
    return Scenes(
        images=torch.arange(3, dtype=torch.uint8).reshape(3, 1, 1, 1),
        counts=COUNTS,
        attributes={"shape": SHAPE, "pose": torch.rand(3, 2, 4)},
        sha256="abc",
    )


def test_what_is_known_is_what_is_given(scenes: Scenes) -> None:
    assert scenes.known == {"counts", "attributes"}
    assert Truth().known == set()
    assert Truth(attributes={}).known == set()
    assert Truth(labels=SHAPE).known == {"labels"}


def test_scenes_are_as_many_as_their_images(scenes: Scenes) -> None:
    assert len(scenes) == 3


def test_of_what_is_known_only_what_is_named_is_kept(scenes: Scenes) -> None:
    assert scenes.only({"counts", "boxes"}).known == {"counts"}
    assert scenes.only({"attributes"}).known == {"attributes"}
    assert scenes.only(set()).known == set()
    assert type(scenes.only({"counts"})) is Truth  # without the images


def test_what_is_known_of_some_scenes_is_in_their_order(scenes: Scenes) -> None:
    some = scenes.at(torch.tensor([2, 0]))
    assert some.counts.tolist() == [1, 0]
    assert torch.equal(some.attributes["shape"], SHAPE[[2, 0]])
    assert some.attributes["pose"].shape == (2, 2, 4)
    assert some.boxes is None


def test_what_is_known_moves_to_a_device_as_a_whole(scenes: Scenes) -> None:
    moved = scenes.to("meta")
    assert moved.known == scenes.known
    assert moved.counts.device.type == "meta"
    assert {value.device.type for value in moved.attributes.values()} == {"meta"}
