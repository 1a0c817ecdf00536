"""Steps as CUDA graphs (`CudaCapture`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import final

import torch

from objcentric.mishaps import is_out_of_memory
from objcentric.training.engines.capture import Capture, NotCapturable


@final
class CudaCapture(Capture):
    """CUDA graphs as torch wants them used (docs.pytorch.org/docs/stable/notes/cuda.html, "CUDA
    Graphs"): warm-up on a side stream, capture, replay.

    torch registers its own generator with the graph, so each replay goes on in the stream of noise
    where the step before it ended.

    Args:
        device: a CUDA device.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def warm_up(self, step: Callable[[], None], *, strictly: bool) -> None:
        side = torch.cuda.Stream(self.device)
        here = torch.cuda.current_stream(self.device)
        side.wait_stream(here)
        try:
            with torch.cuda.stream(side), _no_waiting() if strictly else nullcontext():
                step()
        finally:
            here.wait_stream(side)

    def capture(self, step: Callable[[], None]) -> Callable[[], None]:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.device(self.device), _refused(), torch.cuda.graph(graph):
            step()
        return graph.replay


@contextmanager
def _no_waiting() -> Iterator[None]:
    """Makes torch refuse operations of the block that wait for the device."""
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("error")
    try:
        with _refused():
            yield
    finally:
        torch.cuda.set_sync_debug_mode(before)


@contextmanager
def _refused() -> Iterator[None]:
    """Names what torch refuses.

    Raises:
        NotCapturable: torch refused an operation of the block.
    """
    try:
        yield
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise
        raise NotCapturable(str(error).strip().splitlines()[0]) from error
