"""The recipe section `tracking`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class TrackingOptions(BaseModel):
    """Where a run is reported besides its own folder.

    Attributes:
        wandb: `auto` is online where credentials are and offline elsewhere; `off` imports nothing.
        project: wandb's project.
        tags: wandb's tags.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    wandb: Literal["auto", "online", "offline", "off"] = "auto"
    project: str = "objcentric"
    tags: list[str] = []
