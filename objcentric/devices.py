"""The device that a recipe asks for (`resolve_device`)."""

import torch

from objcentric.errors import ObjcentricError


def resolve_device(option: str) -> torch.device:
    """The device that `training.device` names; `auto` is a CUDA device if there is one.

    Raises:
        ObjcentricError: there is no such device.
    """
    if option == "auto":
        option = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(option)
        if device.type == "cuda":
            device = torch.device("cuda", device.index or 0)
    except RuntimeError as error:  # a number of a device that no machine has
        raise ObjcentricError(
            f"training.device is {option!r}, which torch does not know; "
            "use training.device=auto or training.device=cpu"
        ) from error
    if device.type == "cuda":
        found = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if device.index >= found:
            raise ObjcentricError(
                f"training.device is {option!r}, but torch sees {found} CUDA devices; "
                "use training.device=auto or training.device=cpu"
            )
    return device
