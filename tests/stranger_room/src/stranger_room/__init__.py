"""A plugin that brings more than components: an interface of its own, with its checks.

The tests add `conv_vae.py`, `sharpness.py` and `photos.py` of `tests/stranger_model` before they
build it: the same code works as single files and as an installed project.
"""

from objcentric import hookimpl


@hookimpl
def objcentric_components():
    return [
        "stranger_room.conv_vae:ConvVae",
        "stranger_room.sharpness:Sharpness",
        "stranger_room.photos:Photos",
        "stranger_room.lens:Tinted",
        "stranger_room.lens:Glowing",
    ]


@hookimpl
def objcentric_interface_kits():
    from stranger_room.lens import KIT

    return [KIT]
