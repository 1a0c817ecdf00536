"""One slot for each cell of a grid."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from einops import rearrange

from objcentric.blocks.aim import centres
from objcentric.interfaces import Context
from objcentric.interfaces.perception import Perception
from objcentric.model.wired_model import WiredModel
from objcentric.presence import IndependentPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec, WhereSpec
from objcentric_air.gaussian import Gaussian
from objcentric_air.mlp_decoder import MlpDecoder
from objcentric_air.mlp_encoder import MlpEncoder
from objcentric_air.recurrent_baseline import RecurrentBaseline
from objcentric_air.reinforce import Reinforce
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_air.sum import Sum
from objcentric_priors.independent_bernoulli import IndependentBernoulli
from objcentric_schedulers.grid import Grid

Perceive = Callable[..., Perception]
START = Progress.at(0.0, epochs=1.0)


def test_a_new_grid_covers_the_canvas_evenly(scene: SceneSpec, perceive: Perceive) -> None:
    grid, perception = Grid(scene, cells=4), perceive(scene)
    drafts = grid(torch.rand(2, *scene.image_shape), perception)
    found = centres(drafts.where.distribution.mean, perception.glimpser)
    line = torch.tensor([-0.75, -0.25, 0.25, 0.75])
    for row in rearrange(found[..., 0], "b (row column) -> (b row) column", row=4):
        torch.testing.assert_close(row, line)
    for column in rearrange(found[..., 1], "b (row column) -> (b column) row", row=4):
        torch.testing.assert_close(column, line)
    assert (drafts.where.distribution.mean[..., 0] == scene.where.loc[0]).all()


def test_a_new_grid_tells_images_apart(scene: SceneSpec) -> None:
    """What all its layers pass on differs between images as much as it does between places; with
    torch's own start it was the same for all, and windows never learnt to follow an object."""
    grid = Grid(scene, cells=3)
    images = (torch.rand(32, *scene.image_shape) < 0.2).float()
    features = grid.features(images)
    assert features.std(0).mean() > 0.3 * features.mean()  # 0.1 with torch's own start


@pytest.mark.parametrize("reach", [0.5, 1.0])
@pytest.mark.parametrize("cells", [1, 2, 5])
def test_a_window_stays_on_the_canvas_and_within_reach_of_its_cell(
    cells: int, reach: float, scene: SceneSpec
) -> None:
    grid = Grid(scene, cells=cells, reach=reach)
    own = grid.place(torch.zeros(1, grid.slots, 2))
    for push in (-1e4, -3.0, 3.0, 1e4):
        pushed = grid.place(torch.full((1, grid.slots, 2), push))
        assert (pushed.abs() <= 1).all()
        assert ((pushed - own).abs() <= reach * 2 / cells + 1e-6).all()
        assert (((pushed - own) * push) > 0).all()


def test_a_grid_has_a_slot_a_cell_whatever_the_number_of_objects(
    scene: SceneSpec, perceive: Perceive
) -> None:
    grid = Grid(scene, cells=3)
    drafts = grid(torch.rand(1, *scene.image_shape), perceive(scene))
    assert grid.slots == 9
    assert isinstance(drafts.presence, IndependentPresence)
    assert drafts.layers.color.shape == (1, 9, *scene.image_shape)


def test_cells_answer_to_what_lies_near_them(scene: SceneSpec, perceive: Perceive) -> None:
    """What appears in the top right corner changes that quarter of the grid, whatever the first
    weights; a cell sees its neighbours, too, but nothing of the corner opposite."""
    black = torch.zeros(1, *scene.image_shape)
    spot = black.clone()
    spot[..., :5, -6:] = 1.0
    for _ in range(10):
        grid, perception = Grid(scene, cells=4), perceive(scene, calm=True)
        torch.nn.init.normal_(grid.last.weight)
        drafts = grid(spot, perception), grid(black, perception)
        change = (drafts[0].presence.logits - drafts[1].presence.logits).abs()
        change = rearrange(change, "1 (row column) -> row column", row=4)
        assert change[:2, 2:].sum() > 3 * change[2:, :2].sum()
        assert change[3, 0] == 0


def test_a_grid_without_x_and_y_is_refused(scene: SceneSpec) -> None:
    spec = replace(scene, where=WhereSpec(("brightness",), (1.0,), (0.5,)))
    with pytest.raises(ValueError, match="coordinates x and y"):
        Grid(spec)


def model(scene: SceneSpec) -> WiredModel:
    grid = Grid(scene, cells=4)
    scene = scene.with_slots(grid.slots)
    return WiredModel(
        glimpser=SpatialTransformer(scene.requested),
        encoder=MlpEncoder(scene, hidden=(16,)),
        decoder=MlpDecoder(scene, hidden=(16,)),
        scheduler=grid,
        estimator=Reinforce(baseline=None),
        prior=IndependentBernoulli(scene),
        compositor=Sum(),
        likelihood=Gaussian(),
    )


def test_a_model_of_more_slots_than_objects_is_trained_and_asked(scene: SceneSpec) -> None:
    built = model(scene)
    image = torch.rand(2, *scene.image_shape)
    objective = built.objective(image, START)
    objective.loss.backward()
    assert objective.loss.isfinite()
    unreached = [n for n, p in built.named_parameters() if p.grad is None]
    assert unreached == []
    inference = built.infer(image)
    assert inference.presence.shape == (2, 16)
    assert inference.presence_probs.shape == (2, 16)
    assert inference.masks.shape[:2] == (2, 17)
    assert inference.boxes.shape == (2, 16, 4)
    assert built.generate(3).shape == (3, *scene.image_shape)
    assert built.log_weights(image, 3).isfinite().all()


def test_the_order_of_a_grid_s_slots_does_not_matter_to_the_canvas_or_its_price(
    scene: SceneSpec, perceive: Perceive
) -> None:
    drafts = Grid(scene)(torch.rand(2, *scene.image_shape), perceive(scene))
    order = torch.randperm(16)
    codes = drafts.presence.sample((3,))
    layers = replace(drafts.layers, color=drafts.layers.color[:, order])
    canvas = Sum()(drafts.layers, codes)
    torch.testing.assert_close(Sum()(layers, codes[..., order]), canvas)
    permuted = IndependentPresence(drafts.presence.logits[:, order])
    torch.testing.assert_close(
        permuted.log_prob(codes[..., order]), drafts.presence.log_prob(codes)
    )


def test_the_baseline_of_a_slot_does_not_see_it_or_any_later_one(scene: SceneSpec) -> None:
    """Else it would bias the score of that slot's decision."""
    slots, decided = 16, 7
    scene = scene.with_slots(slots)
    baseline = RecurrentBaseline(scene)
    where, what = torch.randn(1, slots, 3), torch.randn(1, slots, scene.what_dim)

    def predictions(surprise: float) -> torch.Tensor:
        moved = what.clone()
        moved[:, decided] += surprise
        image = torch.zeros(1, *scene.image_shape)
        prior = IndependentBernoulli(scene).presence(START)
        return baseline(Context(image, where, moved, prior, START))

    same = (predictions(0.0) == predictions(1.0))[0]
    assert same[: decided + 1].all()
    assert not same[decided + 1 :].any()


def test_of_two_windows_at_one_place_only_the_surer_may_be_present(
    scene: SceneSpec, perceive: Perceive
) -> None:
    grid = Grid(scene, cells=2, rivals=0.2)
    apart = grid(torch.rand(1, *scene.image_shape), perceive(scene)).presence.logits
    torch.testing.assert_close(apart, torch.full_like(apart, 2.0))  # as in a grid without rivals
    grid.rivals = 10.0
    together = grid(torch.rand(1, *scene.image_shape), perceive(scene)).presence
    assert (together.mean > 0.5).sum() == 1
    nobody = (1 - torch.sigmoid(torch.tensor(2.0))) ** 4
    torch.testing.assert_close(together.mean.amax(), 1 - nobody)


def test_a_second_look_starts_as_no_second_look_and_then_moves_windows(
    scene: SceneSpec, perceive: Perceive
) -> None:
    once, twice = Grid(scene, cells=3), Grid(scene, cells=3, second_look=8)
    twice.load_state_dict(once.state_dict(), strict=False)
    image, perception = torch.rand(2, *scene.image_shape), perceive(scene, calm=True)
    first, second = once(image, perception), twice(image, perception)
    torch.testing.assert_close(second.where.sample, first.where.sample)
    torch.testing.assert_close(second.presence.logits, first.presence.logits)
    assert twice.second is not None
    twice.second[-1].bias.data[1 + scene.where.names.index("x")] = 0.5
    twice.second[-1].bias.data[0] = -1.0
    moved = twice(image, perception)
    apart = centres(moved.where.sample, perception.glimpser) - centres(
        first.where.sample, perception.glimpser
    )
    assert (apart[..., 0].abs() > 0.05).all()
    torch.testing.assert_close(apart[..., 1], torch.zeros(2, 9), atol=1e-5, rtol=0)
    torch.testing.assert_close(moved.presence.logits, first.presence.logits - 1)
