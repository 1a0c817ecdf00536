"""Work that says what it is once it takes long, in a browser (`patiently`)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Unfinished
from typing import TypeVar

from objcentric import waiting

T = TypeVar("T")


def patiently(work: Callable[[], T], say: Callable[[], T]) -> Iterator[T]:
    """Yields the result of some work; before it, after two seconds, what is said about the wait.

    Args:
        work: what may take long.
        say: what is shown meanwhile.
    """
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            yield future.result(waiting.AFTER)
        except Unfinished:
            yield say()
            yield future.result()
