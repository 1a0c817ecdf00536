"""The recipe section `tracking`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class TrackingOptions(BaseModel):
    """Where a run is reported besides its own folder.

    Attributes:
        wandb: `auto` is online if there are credentials and offline otherwise; `off` imports
            nothing.
        project: the project in wandb.
        tags: the run's tags in wandb.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    wandb: Literal["auto", "online", "offline", "off"] = "auto"
    project: str = "objcentric"
    tags: list[str] = []
