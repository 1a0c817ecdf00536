"""The training section of a recipe (`TrainingOptions`)."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    import torch

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


MOST_EPOCHS = 10_000_000
"""Epochs beyond this are a slip of the keyboard."""

LARGEST_BATCH = 1_000_000
"""Images per step beyond this are one, too."""


class TrainingOptions(BaseModel):
    """How a model is trained.

    Attributes:
        epochs: passes over the training scenes.
        batch_size: images per step.
        optimizer: `adam`, `rmsprop` or `sgd`, with torch's defaults.
        momentum: of `rmsprop` and `sgd`; Adam has its own.
        lr: the learning rate; a component can set its own as `lr` beside its `use`.
        clip_norm: largest gradient norm of each learning-rate group; null does not clip. One norm
            for all groups would let a baseline's large early gradients shrink those of the model.
        warmup: epochs during which all learning rates rise linearly from 0.
        decay: of all learning rates after that; `cosine` ends at 0 with the last epoch.
        device: `auto` is a CUDA device if there is one, and the CPU otherwise.
        engine: how steps are executed; `auto` is a CUDA graph where the device and all components
            allow it, and operation by operation elsewhere. It changes no result but by rounding.
        precision: precision of the arithmetic, as Lightning Fabric names it.
        tf32: whether CUDA devices round the factors of matrix products and convolutions to 10 bits
            (TensorFloat-32), which is faster. Nothing happens elsewhere.
        deterministic: whether only algorithms are used that give the same bits every time. On CPUs
            the default ones do. On CUDA devices it costs time, and an operation that has no such
            algorithm stops the training.
        eval_every: epochs between evaluations on the validation scenes.
    """

    model_config = _STRICT

    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] = 50
    batch_size: Annotated[int, Field(ge=1, le=LARGEST_BATCH)] = 64
    optimizer: Literal["adam", "rmsprop", "sgd"] = "adam"
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.0
    lr: Annotated[float, Field(gt=0)] = 1e-4
    clip_norm: Annotated[float, Field(gt=0)] | None = None
    warmup: Annotated[float, Field(ge=0)] = 0.0
    decay: Literal["none", "cosine"] = "none"
    device: Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")] = "auto"
    engine: Literal["auto", "eager", "graph"] = "auto"
    precision: Literal["32-true", "bf16-mixed", "64-true"] = "32-true"
    tf32: bool = False
    deterministic: bool = False
    eval_every: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] = 1

    @model_validator(mode="after")
    def _momentum_is_used(self) -> "TrainingOptions":
        if self.momentum and self.optimizer == "adam":
            raise ValueError("momentum is an option of rmsprop and sgd; adam has its own")
        return self

    @model_validator(mode="after")
    def _tf32_is_used(self) -> "TrainingOptions":
        if self.tf32 and self.precision == "64-true":
            raise ValueError("tf32 rounds float32, which precision 64-true does not use")
        return self

    @property
    def weights_dtype(self) -> "torch.dtype":
        """The dtype of the parameters, which may differ from the precision of the arithmetic."""
        import torch

        return torch.float64 if self.precision == "64-true" else torch.float32
