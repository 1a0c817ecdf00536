"""A scheduler that looks where most is left to explain."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from objcentric.blocks.aim import centres
from objcentric.interfaces import Glimpser
from objcentric.interfaces.perception import Perception
from objcentric.registry import Registry
from objcentric.scene import RequestedScene, SceneSpec
from objcentric_schedulers.pursuit import Pursuit

Perceive = Callable[..., Perception]
GLIMPSERS = [
    entry.canonical
    for entry in Registry.discover().components(Glimpser)
    if entry.canonical != "glimpsers.whole_image"  # has no x and y
]
BRIGHT, DIM = (7, 18), (13, 6)
"""Row and column of the middles of two blobs, the first one brighter."""


@pytest.fixture
def blobs(scene: SceneSpec) -> Tensor:
    image = torch.zeros(1, *scene.image_shape)
    for (row, column), intensity in ((BRIGHT, 1.0), (DIM, 0.4)):
        image[0, 0, row - 1 : row + 2, column - 1 : column + 2] = intensity
    return image


def middle(scene: SceneSpec, pixel: tuple[int, int]) -> Tensor:
    """The pixel's centre, in [-1, 1]."""
    _, height, width = scene.image_shape
    return torch.tensor([(pixel[1] + 0.5) / width, (pixel[0] + 0.5) / height]) * 2 - 1


def places(scheduler: Pursuit, image: Tensor, perception: Perception) -> Tensor:
    """Centres of the windows, `(B, K, 2)`."""
    return centres(scheduler(image, perception).where.distribution.mean, perception.glimpser)


def draw(perception: Perception, bias: float) -> None:
    """Makes every object a uniform square."""
    with torch.no_grad():
        *_, last = perception.decoder.parameters()
        last.fill_(bias)


def test_it_looks_first_where_it_is_brightest(scene, blobs, perceive: Perceive) -> None:
    perception = perceive(scene, calm=True)
    found = places(Pursuit(scene), blobs, perception)
    torch.testing.assert_close(found[0, 0], middle(scene, BRIGHT))


def test_it_does_not_return_to_an_object_that_was_drawn_badly(
    scene, blobs, perceive: Perceive
) -> None:
    """Nothing is drawn at all, so everything is left."""
    perception = perceive(scene, calm=True)
    draw(perception, -100.0)
    found = places(Pursuit(scene, inhibition=0.5), blobs, perception)[0]
    torch.testing.assert_close(found[1], middle(scene, DIM))
    without = places(Pursuit(scene, inhibition=None), blobs, perception)[0]
    torch.testing.assert_close(without, middle(scene, BRIGHT).expand(3, 2))


def test_what_was_drawn_well_is_no_longer_looked_at(scene, blobs, perceive: Perceive) -> None:
    perception = perceive(scene, calm=True)
    draw(perception, 100.0)  # covers the bright blob with a square, and leaves nothing of it
    scheduler = Pursuit(scene, residue="signed", inhibition=None)
    found = places(scheduler, blobs, perception)[0]
    torch.testing.assert_close(found[:2], torch.stack([middle(scene, p) for p in (BRIGHT, DIM)]))


@pytest.mark.parametrize("name", GLIMPSERS)
def test_a_new_scheduler_s_window_has_the_prior_s_size_and_is_centred_at_the_peak(
    name: str, perceive: Perceive
) -> None:
    kind: Any = Registry.discover().find(Glimpser, name).load()
    requested = RequestedScene(image_shape=(3, 30, 40), objects=1, what_dim=4, glimpse=8)
    glimpser: Glimpser = kind(requested)
    scene = requested.settled(glimpser.where, glimpser.glimpse_shape)
    image = torch.zeros(1, 3, 30, 40)
    image[:, :, 12:15, 24:27] = 1.0
    where = Pursuit(scene)(image, perceive(scene, True, glimpser)).where.distribution.mean
    expected = middle(scene, (13, 25))
    torch.testing.assert_close(centres(where, glimpser)[0, 0], expected, atol=0.01, rtol=0)
    still = [i for i, name in enumerate(glimpser.where.names) if name not in ("x", "y")]
    loc = torch.tensor(glimpser.where.loc)
    torch.testing.assert_close(where[0, 0, still], loc[still])


def test_the_network_moves_the_window_from_the_peak(scene, blobs, perceive: Perceive) -> None:
    scheduler, perception = Pursuit(scene), perceive(scene, calm=True)
    _, x, y = 1 + torch.tensor([scene.where.names.index(n) for n in ("scale", "x", "y")])
    with torch.no_grad():
        scheduler.network.last.bias[x] += 0.5
        scheduler.network.last.bias[y] -= 0.25
    found = places(scheduler, blobs, perception)[0, 0]
    # The spatial transformer's x and y move the window the other way, in halves of its size.
    moved = torch.tensor([-0.5, 0.25]) / scene.where.loc[0]
    torch.testing.assert_close(found, middle(scene, BRIGHT) + moved)


def test_the_crop_is_of_what_is_left_and_of_what_was_drawn_around_the_peak(
    scene, blobs, perceive: Perceive
) -> None:
    scheduler = Pursuit(scene, crop_size=5, inhibition=None)  # attends to the same place again
    perception = perceive(scene, calm=True)
    seen: list[Tensor] = []
    project = scheduler.network.first_of_image
    project.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    scheduler(blobs, perception)
    left, drawn = seen[0][:, :-1].unflatten(1, (2, 5, 5)).unbind(1)
    assert left[0].flatten().argmax() == 12  # the middle one of 25
    assert (drawn == 0).all()
    _, drawn = seen[1][:, :-1].unflatten(1, (2, 5, 5)).unbind(1)
    assert (drawn > 0).any()


@pytest.mark.parametrize("residue", ["signed", "absolute"])
def test_absolute_residue_sees_what_is_darker_than_what_was_drawn(
    residue, scene, perceive: Perceive
) -> None:
    scheduler, left = Pursuit(scene, residue=residue), torch.full((1, 1, 20, 26), -0.5)
    expected = 0.5 if residue == "absolute" else -0.5
    assert (scheduler.intensity(left) == expected).all()


@pytest.mark.parametrize("glimpses", ["image", "foreground"])
def test_glimpses_of_the_foreground_are_the_same_on_any_background(
    glimpses, scene, blobs, perceive: Perceive
) -> None:
    perception = perceive(scene, calm=True)
    scheduler = Pursuit(scene, glimpses=glimpses)
    behind = torch.rand(1, *scene.image_shape).mul(64).round() / 128  # exact sums
    blobs = blobs.mul(128).round() / 128
    black = scheduler(blobs, perception)
    grey = scheduler(blobs + behind, perception.before(behind))
    torch.testing.assert_close(grey.where.sample, black.where.sample)
    alike = torch.allclose(grey.what.sample, black.what.sample)
    assert alike is (glimpses == "foreground")


@pytest.mark.parametrize("memory", [False, True])
def test_only_with_memory_does_a_step_depend_on_how_many_came_before(
    memory: bool, scene, blobs, perceive: Perceive
) -> None:
    perception = perceive(scene, calm=True)
    draw(perception, -100.0)  # or else the second crop could show a part of the first object
    scheduler = Pursuit(scene, inhibition=0.5, memory=memory)
    with torch.no_grad():  # a new network proposes the same, whatever it sees
        torch.nn.init.normal_(scheduler.network.last.weight, std=0.1)
        drafts = scheduler(blobs.ceil(), perception)  # two equal blobs
    first, second, _ = drafts.presence.logits[0]
    assert torch.isclose(first, second, atol=1e-4).item() is not memory
    first, second, _ = drafts.where.distribution.stddev[0]
    assert torch.allclose(first, second, atol=1e-4) is not memory


@pytest.mark.parametrize("memory", [False, True])
def test_a_trained_scheduler_takes_any_number_of_slots(
    memory: bool, blobs, scene, perceive: Perceive
) -> None:
    few = Pursuit(scene, memory=memory)
    more_slots = RequestedScene(scene.image_shape, 7, scene.what_dim, scene.glimpse)
    many = Pursuit(more_slots.settled(scene.where), memory=memory)
    many.load_state_dict(few.state_dict())
    perception = perceive(scene, calm=True)
    drafts = many(blobs, perception)
    assert drafts.presence.logits.shape == (1, 7)
    first = few(blobs, perception).where.sample
    torch.testing.assert_close(drafts.where.sample[:, :3], first)
