"""Windows whose rows and columns are sampled independently of each other."""

from einops import rearrange
from jaxtyping import Float
from torch import Tensor


def look(
    image: Float[Tensor, "B C H W"],
    rows: Float[Tensor, "B K h H"],
    columns: Float[Tensor, "B K w W"],
) -> Float[Tensor, "B K C h w"]:
    """rows · image · columnsᵀ, for each of K windows."""
    all_rows = rearrange(rows, "b k h H -> b 1 (k h) H")  # one product for all K windows
    strips = rearrange(all_rows @ image, "b c (k h) W -> b k c h W", k=rows.shape[1])
    return strips @ rearrange(columns, "b k w W -> b k 1 W w")
