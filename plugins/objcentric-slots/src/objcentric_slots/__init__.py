"""Slot Attention (Locatello et al. 2020, arXiv:2006.15055), and the decoder it is used with."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_slots.slot_attention:SlotAttention",
        "objcentric_slots.slot_decoder:SlotDecoder",
    ]
