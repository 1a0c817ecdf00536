"""The operating system's errors, and a lack of memory, in one line each."""

_NO_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "storage size calculation overflowed",
    "invalid buffer size",
    "overflow when unpacking long",
    "too large to convert",
)
"""What torch says, in small letters, when there is no memory for a tensor."""

LESS_MEMORY = (
    "a smaller training.batch_size, fewer or smaller scenes (scenes), fewer slots (model.objects) "
    "or smaller networks need less"
)
"""What to lower if memory is short."""


def system_error(error: OSError) -> str:
    """What the operating system refused: its reason, and the path if it named one."""
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return reason if error.filename is None else f"{_short(error.filename)}: {reason}"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the host or a CUDA device has too little memory."""
    if isinstance(error, MemoryError):
        return True
    kinds = (RuntimeError, TypeError, OverflowError)  # torch has several for sizes beyond 2^63
    said = str(error).lower() if isinstance(error, kinds) else ""
    return any(words in said for words in _NO_MEMORY)


def out_of_memory(error: BaseException) -> str:
    """One line about a lack of memory: what was asked for, and what to lower."""
    said = next(iter(str(error).splitlines()), "").strip()
    return f"out of memory{f' ({said})' if said else ''}; {LESS_MEMORY}"


def mishap(error: BaseException) -> str | None:
    """One line for the user about an error that is no bug; None for any other error."""
    if isinstance(error, OSError):
        return system_error(error)
    return out_of_memory(error) if is_out_of_memory(error) else None


def _short(path: object, most: int = 200) -> str:
    text = str(path)
    return text if len(text) <= most else f"{text[:most]}…"
