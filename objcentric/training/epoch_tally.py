"""Running sums of an epoch, kept on the device."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor


class EpochTally:
    """Adds up figures on the device; only `means` waits for it.

    Args:
        names: the figures that `sums` holds; those of the first batch where there are none yet.
        sums: where to go on from.
        images: how many images the sums are of.
    """

    def __init__(
        self,
        names: tuple[str, ...] = (),
        sums: Float[Tensor, " figures"] | None = None,
        images: int = 0,
    ) -> None:
        self.names = names
        self.sums = sums
        self.images = images

    def add(self, sums: Mapping[str, Float[Tensor, ""]], images: int) -> None:
        """Counts a batch in.

        Raises:
            ValueError: the figures are not those of the batches before.
        """
        batch = torch.stack([value.double() for value in sums.values()])
        if self.sums is None:
            self.names, self.sums = tuple(sums), torch.zeros_like(batch)
        elif tuple(sums) != self.names:
            raise ValueError(
                f"every batch must report the same figures: {', '.join(self.names)} before, "
                f"{', '.join(sums)} now"
            )
        self.sums += batch
        self.images += images

    def means(self) -> dict[str, float]:
        """The figures an image so far."""
        if self.sums is None:
            return {}
        return dict(zip(self.names, (self.sums / self.images).tolist(), strict=True))
