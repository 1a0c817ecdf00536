"""First weights that let an image through."""

from torch import nn


def he_start(layers: nn.Module) -> None:
    """He's normal weights (He et al. 2015, arXiv:1502.01852), no biases: for what a ReLU follows.

    torch's own start shrinks what is seen with every layer: after a few of them all images look the
    same, and where to look is learnt late or never.
    """
    for layer in layers.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.constant_(layer.get_parameter("bias"), 0)
