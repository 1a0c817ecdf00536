import pytest
import torch

from objcentric.drafts import Layers
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_composition.backed import Backed
from objcentric_composition.given_background import GivenBackground
from objcentric_composition.softmax import Softmax

SCENE = RequestedScene(image_shape=(3, 4, 4), objects=3, what_dim=1, glimpse=2).settled(
    SpatialTransformer.where_spec
)


def some_layers(lead: float = 0.0) -> Layers:
    """The first slot's mask logits are higher by `lead`."""
    logits = torch.randn(2, 3, 1, 4, 4, dtype=torch.float64)
    logits[:, 0] += lead
    return Layers(torch.rand(2, 3, 3, 4, 4, dtype=torch.float64), mask_logits=logits)


def ones(*shape: int) -> torch.Tensor:
    return torch.ones(shape, dtype=torch.float64)


def test_with_all_present_a_share_is_the_softmax_over_slots():
    layers = some_layers()
    shares = layers.mask_logits.softmax(1)
    torch.testing.assert_close(Softmax()(layers, ones(1, 2, 3))[0], (shares * layers.color).sum(1))
    torch.testing.assert_close(Softmax().masks(layers, ones(1, 2, 3))[0, :, 1:], shares[:, :, 0])


def test_a_presence_multiplies_a_claim():
    layers, presence = some_layers(), torch.rand(5, 2, 3, dtype=torch.float64)
    claims = presence[..., None, None] * layers.mask_logits[None, :, :, 0].exp()
    expected = claims / claims.sum(2, keepdim=True)
    torch.testing.assert_close(Softmax().masks(layers, presence)[:, :, 1:], expected)


@pytest.mark.parametrize("lead", [0.0, 1e4, -1e4])
def test_an_absent_slot_claims_nothing_however_strong_its_logits(lead):
    layers = some_layers(lead)
    presence = torch.tensor([0.0, 1.0, 1.0], dtype=torch.float64).expand(1, 2, 3)
    rest = Layers(layers.color[:, 1:], mask_logits=layers.mask_logits[:, 1:])
    torch.testing.assert_close(Softmax()(layers, presence), Softmax()(rest, ones(1, 2, 2)))
    assert (Softmax().masks(layers, presence)[:, :, 1] == 0).all()


def test_the_background_has_what_there_is_only_where_nobody_is_present():
    presence = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1e-3, 0.0]], dtype=torch.float64)[None]
    layers = some_layers()
    masks = Softmax().masks(layers, presence)
    assert torch.equal(masks[0, 0, 0], ones(4, 4))
    assert torch.equal(masks[0, 1, 0], 0 * ones(4, 4))
    torch.testing.assert_close(masks.sum(2), ones(1, 2, 4, 4))
    assert (Softmax()(layers, presence)[0, 0] == 0).all()


@pytest.mark.parametrize("lead", [0.0, 50.0, 1e4, -1e4])
@pytest.mark.parametrize("code", [[0.0, 0, 0], [0, 1, 0], [1, 1, 1], [1e-30, 0, 0], [1e-30, 1, 0]])
def test_in_single_precision_all_is_finite_gradients_included(lead, code):
    layers = some_layers(lead)
    color, logits = layers.color.float(), layers.mask_logits.float()
    leaves = [color, logits, torch.tensor(code).float().expand(1, 2, 3).clone()]
    for leaf in leaves:
        leaf.requires_grad_()
    canvas = Softmax()(Layers(color, mask_logits=logits), leaves[2])
    slopes = torch.autograd.grad(canvas.square().sum(), leaves)
    assert canvas.isfinite().all()
    assert all(slope.isfinite().all() for slope in slopes)


def test_a_background_behind_it_competes_with_logit_0():
    layers = some_layers()
    backed = Backed(compositor=Softmax(), background=GivenBackground(SCENE, color=(0.3,)))
    masks = backed.masks(layers, ones(1, 2, 3))[0]
    logits = torch.cat([0 * ones(2, 1, 4, 4), layers.mask_logits[:, :, 0]], dim=1)
    torch.testing.assert_close(masks, logits.softmax(1))
    nobody = backed(layers, 0 * ones(1, 2, 3))
    torch.testing.assert_close(nobody, torch.full_like(nobody, 0.3), rtol=1e-6, atol=0)


def test_layers_without_mask_logits_are_refused():
    with pytest.raises(ValueError, match="needs layers with mask logits"):
        Softmax()(Layers(torch.rand(2, 3, 3, 4, 4)), torch.ones(1, 2, 3))
