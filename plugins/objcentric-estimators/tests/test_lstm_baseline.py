"""A baseline with an LSTM cell."""

import torch

from objcentric.interfaces import Context
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_estimators.lstm_baseline import LstmBaseline

SCENE = (
    RequestedScene((1, 6, 6), objects=3, what_dim=2, glimpse=3)
    .settled(SpatialTransformer.where_spec)
    .with_slots(3)
)


def test_each_step_sees_the_image_and_earlier_objects_alone() -> None:
    baseline = LstmBaseline(SCENE, hidden=8)
    image, where, what = torch.rand(1, 1, 6, 6), torch.randn(1, 3, 3), torch.randn(1, 3, 2)
    for seen in (image, where, what):
        seen.requires_grad_()
    prior = OrderedPresence(torch.zeros(3))
    context = Context(image, where, what, prior, Progress.at(0.0, epochs=1.0))
    predictions = baseline(context)
    assert predictions.shape == (1, 3)
    for step in range(3):
        of_image, of_where, of_what = torch.autograd.grad(
            predictions[0, step], (image, where, what), retain_graph=True, materialize_grads=True
        )
        assert of_image.abs().sum() > 0
        for gradient in (of_where, of_what):
            moved = gradient[0].abs().sum(-1) > 0
            assert moved.tolist() == [slot < step for slot in range(3)]
