import torch
from einops import rearrange

from objcentric.blocks.broadcast_network import BroadcastNetwork


def test_it_is_the_plain_convolution_of_code_and_coordinates():
    network = BroadcastNetwork(7, (3, 9, 11), (6, 5)).double()
    code = torch.randn(2, 4, 7, dtype=torch.float64)
    height, width = 9 + 2 * 2, 11 + 2 * 2
    repeated = rearrange(code, "b k d -> (b k) d 1 1").expand(-1, -1, height, width)
    x = torch.linspace(-1, 1, width).view(1, 1, 1, -1).expand(8, 1, height, width)
    y = torch.linspace(-1, 1, height).view(1, 1, -1, 1).expand(8, 1, height, width)
    plain = network.rest(network.first(torch.cat([repeated, x.double(), y.double()], dim=1)))
    torch.testing.assert_close(network(code).flatten(0, 1), plain)


def test_without_a_difference_in_the_code_pixels_differ_by_their_place():
    drawn = BroadcastNetwork(7, (1, 9, 9), (6,))(torch.zeros(1, 1, 7))
    assert drawn.std() > 0
