"""A normal distribution whose samples can be drawn for several models at once."""

import torch
from torch import Tensor
from torch.distributions import Normal as TorchNormal


class Normal(TorchNormal):
    """torch's own, but for how `rsample` draws its noise.

    torch fills a tensor in place, which `torch.func.vmap` refuses. This one asks for a new tensor;
    from the same state of the generator the numbers are the same, to the bit.
    """

    def rsample(self, sample_shape: torch.Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        shape = self._extended_shape(torch.Size(sample_shape))
        noise = torch.randn(shape, dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + noise * self.scale
