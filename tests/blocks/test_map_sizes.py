from objcentric.blocks.map_sizes import halved_sizes


def test_sizes_are_halved_and_rounded_up_down_to_a_pixel():
    assert halved_sizes(24, 24, 3) == [(24, 24), (12, 12), (6, 6), (3, 3)]
    assert halved_sizes(13, 1, 2) == [(13, 1), (7, 1), (4, 1)]
