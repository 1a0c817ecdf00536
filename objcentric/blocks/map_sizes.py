"""Sizes of feature maps that are halved repeatedly (`halved_sizes`)."""


def halved_sizes(height: int, width: int, times: int) -> list[tuple[int, int]]:
    """The given size, then the size after each halving.

    Sizes are rounded up, so that no side is ever less than one pixel:

        >>> halved_sizes(13, 4, 2)
        [(13, 4), (7, 2), (4, 1)]
    """
    sizes = [(height, width)]
    for _ in range(times):
        height, width = -(-height // 2), -(-width // 2)
        sizes.append((height, width))
    return sizes
