"""The noise of a step: which there is, and giving a step noise that was drawn before
(`NoiseTape`)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from objcentric.errors import ObjcentricError

_FILLS = {
    torch.rand: "uniform_",
    torch.rand_like: "uniform_",
    torch.randn: "normal_",
    torch.randn_like: "normal_",
}
"""Functions whose noise depends on a shape alone, and the method that fills a tensor with it."""

_OTHERS = {
    *("bernoulli", "bernoulli_", "multinomial", "normal", "normal_", "uniform_", "random_"),
    *("randint", "randint_like", "randperm", "poisson", "exponential_", "geometric_"),
    *("cauchy_", "log_normal_", "dropout", "dropout_", "feature_dropout", "alpha_dropout"),
}
"""Functions whose noise cannot be drawn before the step."""


class NotStackable(ObjcentricError):
    """The steps of several seeds cannot be run as one."""


@dataclass(frozen=True)
class _Draw:
    """One call that draws noise: how a tensor is filled, and what it is like."""

    fill: str
    shape: torch.Size
    stride: tuple[int, ...]
    dtype: torch.dtype


class NoiseTape:
    """What noise a step draws, in its order.

    Args:
        step: is run once, to see what it draws. Its noise depends on shapes alone.

    Raises:
        NotStackable: the step draws noise that depends on values.
    """

    def __init__(self, step: Callable[[], object]) -> None:
        self._draws: list[_Draw] = []
        with _Listening(self._draws):
            step()

    def draw(self, generators: Sequence[torch.Generator]) -> list[Tensor]:
        """The noise of a step of each seed, from its own generator, to the bit as it draws alone.

        Returns:
            A tensor `(seeds, *shape)` for each draw.
        """
        noise = []
        for draw in self._draws:
            seeds, size = len(generators), draw.shape.numel()
            whole = torch.empty_strided(
                (seeds, *draw.shape),
                (size, *draw.stride),
                dtype=draw.dtype,
                device=generators[0].device,
            )
            noise.append(whole)
        for seed, generator in enumerate(generators):
            for draw, whole in zip(self._draws, noise, strict=True):
                getattr(whole[seed], draw.fill)(generator=generator)
        return noise

    @contextmanager
    def given(self, noise: Sequence[Tensor]) -> Iterator[None]:
        """Gives the block this noise, instead of what it would draw.

        Raises:
            NotStackable: the block draws other noise than the step that was listened to.
        """
        with _Giving(noise) as giving:
            yield
        if giving.left:
            raise NotStackable("a step drew less noise than the first one")


def _draws_freely(func: Any, kwargs: Any) -> bool:
    """Whether a call draws from torch's own generator."""
    return (kwargs or {}).get("generator") is None and callable(func)


class _Listening(TorchFunctionMode):
    def __init__(self, draws: list[_Draw]) -> None:
        super().__init__()
        self.draws = draws

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if func in _FILLS and _draws_freely(func, kwargs):
            self.draws.append(_Draw(_FILLS[func], out.shape, out.stride(), out.dtype))
        elif getattr(func, "__name__", "") in _OTHERS and _draws_freely(func, kwargs):
            raise NotStackable(f"torch's {func.__name__} draws noise that depends on values")
        return out


class _Giving(TorchFunctionMode):
    def __init__(self, noise: Sequence[Tensor]) -> None:
        super().__init__()
        self.left = list(noise)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in _FILLS and _draws_freely(func, kwargs):
            if not self.left:
                raise NotStackable("a step drew more noise than the first one")
            return self.left.pop(0)
        return func(*args, **(kwargs or {}))
