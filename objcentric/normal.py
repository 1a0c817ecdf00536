"""A normal distribution that `torch.func.vmap` can sample (`Normal`)."""

import torch
from torch import Tensor
from torch.distributions import Normal as TorchNormal


class Normal(TorchNormal):
    """torch's own normal distribution, except for how `rsample` draws its noise.

    torch fills a tensor in place, which `torch.func.vmap` refuses. This class draws a new tensor.
    The same generator state gives bit-for-bit the same numbers.
    """

    def rsample(self, sample_shape: torch.Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        shape = self._extended_shape(torch.Size(sample_shape))
        noise = torch.randn(shape, dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + noise * self.scale
