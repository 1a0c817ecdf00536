"""Encoders and decoders of what an object looks like, as alternatives to AIR's."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_appearance.conv_encoder:ConvEncoder",
        "objcentric_appearance.conv_decoder:ConvDecoder",
        "objcentric_appearance.spatial_broadcast_decoder:SpatialBroadcastDecoder",
        "objcentric_appearance.alpha_decoder:AlphaDecoder",
        "objcentric_appearance.masked_decoder:MaskedDecoder",
    ]
