"""How gated schedulers start."""

import pytest
import torch
from torch import Tensor, nn

from objcentric.blocks.cell_network import CellNetwork, start_gates
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.scene import SceneSpec

both_cells = pytest.mark.parametrize("cell", [nn.LSTMCell, nn.GRUCell])
Cell = type[nn.LSTMCell] | type[nn.GRUCell]


def first_states(network: CellNetwork, images: Tensor) -> Tensor:
    """What is remembered after one step."""
    previous, state = network.start(images)
    found = network.cell(torch.cat([network.project(images), previous], dim=-1), state)
    return found[0] if isinstance(found, tuple) else found


@both_cells
def test_a_new_cell_tells_images_apart(cell: Cell, scene: SceneSpec) -> None:
    """Half as well again as with torch's own first weights, and more."""

    def spread(network: CellNetwork) -> float:
        states = first_states(network, images)
        return (states.std(0).mean() / states.abs().mean()).item()

    images = (torch.rand(100, *scene.image_shape) > 0.9).float()
    network = CellNetwork(scene, ProposalHead(scene.where), cell, hidden=64)
    ours = spread(network)
    assert network.features is not None
    network.features.reset_parameters()
    network.cell.reset_parameters()
    assert ours > 1.5 * spread(network)


@both_cells
def test_every_gate_starts_orthogonal_to_the_state(cell: Cell) -> None:
    gated = cell(5, 8)
    start_gates(gated)
    for gate in gated.weight_hh.split(8):
        torch.testing.assert_close(gate @ gate.T, torch.eye(8))


def test_without_an_image_layer_the_cell_reads_every_pixel(scene: SceneSpec) -> None:
    network = CellNetwork(scene, ProposalHead(scene.where), nn.LSTMCell, 8, image_layer=False)
    image = torch.rand(2, *scene.image_shape)
    assert torch.equal(network.project(image), image.flatten(1))
    assert network.cell.input_size == image[0].numel() + network.latents


def test_hidden_layers_come_between_the_state_and_the_outputs(scene: SceneSpec) -> None:
    network = CellNetwork(scene, ProposalHead(scene.where), nn.LSTMCell, 8, output_hidden=(6, 5))
    widths = [layer.out_features for layer in network.between.modules() if hasattr(layer, "bias")]
    assert widths == [6, 5]
    assert network.last.in_features == 5


def test_outputs_behind_hidden_layers_start_at_the_prior_and_learn(scene: SceneSpec) -> None:
    network = CellNetwork(scene, ProposalHead(scene.where), nn.LSTMCell, 8, output_hidden=(16,))
    image = torch.rand(2, *scene.image_shape)
    logit, where, _ = network.propose(network.project(image), *network.start(image))
    torch.testing.assert_close(where.mean, torch.tensor(scene.where.loc).expand(2, 1, -1))
    logit.sum().backward()
    assert network.last.weight.grad is not None
    assert network.last.weight.grad[0].abs().sum() > 0
