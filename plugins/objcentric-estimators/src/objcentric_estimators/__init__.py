"""Gradient estimators for presence, as alternatives to AIR's."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return [
        "objcentric_estimators.enumerate:Enumerate",
        "objcentric_estimators.direct:Direct",
        "objcentric_estimators.nvil:Nvil",
        "objcentric_estimators.rloo:Rloo",
        "objcentric_estimators.vimco:Vimco",
        "objcentric_estimators.concrete:Concrete",
        "objcentric_estimators.straight_through:StraightThrough",
        "objcentric_estimators.rebar:Rebar",
        "objcentric_estimators.relax:Relax",
        "objcentric_estimators.disarm:Disarm",
        "objcentric_estimators.mlp_baseline:MlpBaseline",
        "objcentric_estimators.lstm_baseline:LstmBaseline",
    ]
