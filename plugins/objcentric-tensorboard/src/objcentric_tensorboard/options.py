"""The recipe section `tensorboard`."""

from pydantic import BaseModel


class TensorBoardOptions(BaseModel, extra="forbid", frozen=True, strict=True):
    """Whether a run is written for TensorBoard, into the folder `tensorboard` of its own."""

    enabled: bool = False
