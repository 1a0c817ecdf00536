import torch

from objcentric.blocks.upsampling_network import UpsamplingNetwork


def test_each_pixel_depends_on_its_neighbourhood_alone():
    network = UpsamplingNetwork(2, (1, 24, 24), (4, 4, 4))
    with torch.no_grad():
        network.first.weight.zero_()
        network.first.bias.zero_()
    empty = network(torch.zeros(1, 1, 2))
    with torch.no_grad():
        network.first.bias[0] = 1.0  # the upper left pixel of the 3×3 map, in one channel
    changed = (network(torch.zeros(1, 1, 2)) != empty).squeeze().nonzero()
    # 8 pixels of its own, and what three convolutions add at maps of 6, 12 and 24 pixels.
    assert changed.numel() > 0
    assert changed.max() < 8 + 4 + 2 + 1
