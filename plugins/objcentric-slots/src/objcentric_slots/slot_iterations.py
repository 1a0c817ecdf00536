"""The iterations of Slot Attention (`SlotIterations`)."""

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor, nn

SMALL = 1e-8
"""Keeps the weighted mean of a slot that no token attends to defined."""


class SlotIterations(nn.Module):
    """Slots compete for tokens, a few times over (Locatello et al. 2020, algorithm 1).

    Each token's attention is a softmax over the slots; each slot takes the mean of the tokens that
    it won, through a recurrent unit and a small network. Queries and keys start with the same
    weights, so that a slot at first wins the tokens that are like it.

    Args:
        dim: size of a slot, and of a token.
        hidden: width of the network that follows each update.
        iterations: how often.
        implicit: whether the gradient flows through the last iteration alone, as that of a fixed
            point does to first order (Chang et al. 2022, arXiv:2207.00787). Where the slots start
            is then learned straight through (Jia et al. 2023, arXiv:2210.08990).
    """

    def __init__(self, dim: int, *, hidden: int, iterations: int, implicit: bool) -> None:
        super().__init__()
        self.iterations = iterations
        self.implicit = implicit
        self.scale = dim**-0.5
        self.norm_tokens, self.norm_slots = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query = nn.Linear(dim, dim, bias=False)
        self.key = nn.Linear(dim, dim, bias=False)
        self.query.load_state_dict(self.key.state_dict())
        self.value = nn.Linear(dim, dim, bias=False)
        self.update = nn.GRUCell(dim, dim)
        self.refine = nn.Sequential(
            nn.LayerNorm(dim), nn.Linear(dim, hidden), nn.ReLU(), nn.Linear(hidden, dim)
        )

    def forward(
        self, tokens: Float[Tensor, "B T D"], slots: Float[Tensor, "B K D"]
    ) -> Float[Tensor, "B K D"]:
        """The slots after all iterations, from where they start."""
        start = slots
        tokens = self.norm_tokens(tokens)
        keys, values = self.key(tokens), self.value(tokens)  # (B, T, D)
        for iteration in range(self.iterations):
            if self.implicit and iteration == self.iterations - 1:
                slots = slots.detach() + start - start.detach()
            slots = self._iterate(slots, keys, values)
        return slots

    def attention(
        self, slots: Float[Tensor, "B K D"], keys: Float[Tensor, "B T D"]
    ) -> Float[Tensor, "B K T"]:
        """How much of each token each slot wins; adds up to 1 over the slots."""
        queries = self.scale * self.query(self.norm_slots(slots))
        return torch.softmax(einsum(queries, keys, "b k d, b t d -> b k t"), dim=1)

    def _iterate(
        self, slots: Float[Tensor, "B K D"], keys: Float[Tensor, "B T D"], values: Tensor
    ) -> Float[Tensor, "B K D"]:
        attention = self.attention(slots, keys) + SMALL
        weights = attention / attention.sum(-1, keepdim=True)
        won = einsum(weights, values, "b k t, b t d -> b k d")
        flat = "b k d -> (b k) d"
        updated = self.update(rearrange(won, flat), rearrange(slots, flat))
        slots = rearrange(updated, "(b k) d -> b k d", k=slots.shape[1])
        refined: Tensor = slots + self.refine(slots)
        return refined
