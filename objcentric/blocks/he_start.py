"""He's initial weights, for layers followed by a ReLU (`he_start`)."""

from torch import nn


def he_start(layers: nn.Module) -> None:
    """Gives all linear and convolutional layers He's normal weights and zero biases (He et al.
    2015, arXiv:1502.01852).

    With torch's own initial weights, activations shrink with every layer. After a few layers all
    images look the same, and a scheduler learns late or never where to look.

    Args:
        layers: a module; changed in place.
    """
    for layer in layers.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
