"""Running sums of an epoch's figures, kept on the device (`EpochTally`)."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.across_ranks import rank, sum_across_ranks, world_size


class EpochTally:
    """Adds up figures on the device; only `means` and `across_ranks` wait for it.

    Each rank adds up its share of the batches.

    `add` touches nothing but the device, so that a CUDA graph can hold it; `count` counts images.

    Args:
        names: names of the figures in `sums`; the first batch sets them if there are none.
        sums: sums to continue from; None to start anew.
        images: number of images in the sums.
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

    def add(self, sums: Mapping[str, Float[Tensor, ""]]) -> None:
        """Adds a batch's figures.

        Raises:
            ValueError: the figures differ from those of earlier batches.
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

    def count(self, images: int) -> None:
        """Counts a batch's images."""
        self.images += images

    def across_ranks(self) -> "EpochTally":
        """The tally of all ranks together."""
        if self.sums is None or world_size() == 1:
            return self
        sums = sum_across_ranks(torch.cat([self.sums, self.sums.new_tensor([self.images])]))
        return EpochTally(self.names, sums[:-1], int(sums[-1]))

    def kept_by_first_rank(self) -> "EpochTally":
        """A tally of all ranks for rank 0, and zeros for the others, so that they add up to it."""
        if self.sums is None or rank() == 0:
            return self
        return EpochTally(self.names, torch.zeros_like(self.sums))

    def keep_in(self, place: Float[Tensor, " figures"], names: tuple[str, ...]) -> None:
        """Goes on adding in a tensor that was chosen before, for whoever has to know where.

        Args:
            place: what it holds is overwritten.
            names: names of the figures.
        """
        if self.sums is None:
            self.names, self.sums = names, place.zero_()
        elif self.sums is not place:
            self.sums = place.copy_(self.sums)

    def means(self) -> dict[str, float]:
        """The mean of each figure per image so far, of all ranks; empty before the first batch."""
        whole = self.across_ranks()
        if whole.sums is None:
            return {}
        return dict(zip(whole.names, (whole.sums / whole.images).tolist(), strict=True))
