"""Glimpsers that fail a check."""

import torch

from objcentric.testing.partners.window import Window

GOOD = [Window]


class Mirror(Window):
    def read(self, image, where):
        return super().read(image, where).flip(-1)


class FixedSize(Window):
    def write(self, patches, where):
        place, size = where.split([2, 1], -1)
        return super().write(patches, torch.cat([place, size.detach()], -1))


class Tight(Window):
    def boxes(self, where):
        return super().boxes(where) + where.new_tensor([3, 3, -3, -3])


class Glow(Window):
    def write(self, patches, where):
        return super().write(patches, where) + 0.01


class ImageChannelsOnly(Window):
    def write(self, patches, where):
        return super().write(patches[:, :, : self.image_shape[0]], where)


BROKEN = {
    "inverse_placement": Mirror,
    "where_gradient": FixedSize,
    "boxes": Tight,
    "outside": Glow,
    "write_channels": ImageChannelsOnly,
}
