"""Seeds of a run, and the state of its random generators: saved and restored."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from jaxtyping import Int
from torch import Tensor

from objcentric.across_ranks import rank


def derived_seed(*parts: int | str) -> int:
    """A seed in [0, 2^63) for one purpose, unrelated to the seed of any other purpose."""
    return _hashed("/".join(str(part) for part in parts), size=8) >> 1


def weights_seed(seed: int, place: str) -> int:
    """The seed, in [0, 2^56), of a component's initial weights, from its place in the recipe."""
    return _hashed(f"{seed}:{place}", size=7)


def _hashed(text: str, size: int) -> int:
    """The first `size` bytes of the text's SHA-256, as a number."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:size], "big")


def epoch_order(seed: int, epoch: int, scenes: int) -> Int[Tensor, " scenes"]:
    """The order in which an epoch visits the scenes; it depends on these arguments alone."""
    generator = torch.Generator().manual_seed(derived_seed("order", seed, epoch))
    return torch.randperm(scenes, generator=generator)


def seed_noise(seed: int, steps: int) -> None:
    """Seeds what training draws from here on. Ranks differ, so that no two images share noise.

    Noise must not depend on how many numbers the components drew for their weights.

    Args:
        seed: the seed of the run.
        steps: steps of the run that were done; the noise of rank 0 is stored and needs none.
    """
    torch.manual_seed(derived_seed("noise", seed, *((rank(), steps) if rank() else ())))


@contextmanager
def own_noise(seed: int, device: torch.device) -> Iterator[None]:
    """Gives the block its own random state, and afterwards restores the one of the training."""
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices, device_type="cuda"):
        torch.manual_seed(seed)
        yield


def noise_state(device: torch.device) -> dict[str, Tensor]:
    """The states of all random generators that training uses."""
    state = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    return state


def restore_noise_state(state: Mapping[str, Tensor], device: torch.device) -> None:
    """Restores what `noise_state` returned; a run on a new device starts with new device noise."""
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)
