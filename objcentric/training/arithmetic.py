"""How exact a training's arithmetic is (`arithmetic`)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from objcentric.recipe.options import TrainingOptions

WORKSPACE, DETERMINISTIC_WORKSPACE = "CUBLAS_WORKSPACE_CONFIG", ":4096:8"
"""What cuBLAS wants to be told, before its first product, to give the same bits every time."""


@contextmanager
def arithmetic(options: TrainingOptions) -> Iterator[None]:
    """Sets TF32 and determinism for the block, and puts them back afterwards.

    Without `tf32`, torch is told to round neither matrix products nor convolutions; by default it
    rounds convolutions.
    """
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = (matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark)
    was_deterministic = torch.are_deterministic_algorithms_enabled()
    only_warned = torch.is_deterministic_algorithms_warn_only_enabled()
    try:
        matmul.allow_tf32 = cudnn.allow_tf32 = options.tf32
        if options.deterministic:
            os.environ.setdefault(WORKSPACE, DETERMINISTIC_WORKSPACE)
            cudnn.benchmark = False
            torch.use_deterministic_algorithms(True)
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark = before
        torch.use_deterministic_algorithms(was_deterministic, warn_only=only_warned)
