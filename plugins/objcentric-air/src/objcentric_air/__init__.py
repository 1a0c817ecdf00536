"""The components of Attend-Infer-Repeat (Eslami et al. 2016, arXiv:1603.08575), the defaults."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_air.spatial_transformer:SpatialTransformer",
        "objcentric_air.mlp_encoder:MlpEncoder",
        "objcentric_air.mlp_decoder:MlpDecoder",
        "objcentric_air.recurrent:Recurrent",
        "objcentric_air.reinforce:Reinforce",
        "objcentric_air.recurrent_baseline:RecurrentBaseline",
        "objcentric_air.air_prior:AirPrior",
        "objcentric_air.sum:Sum",
        "objcentric_air.gaussian:Gaussian",
    ]
