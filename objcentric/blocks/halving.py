"""Sizes of feature maps."""


def halvings(height: int, width: int, times: int) -> list[tuple[int, int]]:
    """The size and what is left of it after each halving, rounded up: never less than a pixel."""
    sizes = [(height, width)]
    for _ in range(times):
        height, width = -(-height // 2), -(-width // 2)
        sizes.append((height, width))
    return sizes
