"""What to install when Gradio is missing (`need_gradio`)."""

import os
from importlib.util import find_spec

from objcentric.errors import ObjcentricError


class MissingGradio(ObjcentricError):
    """Gradio is not installed."""


def need_gradio() -> None:
    """Checks that Gradio is installed and keeps it from calling home; call it before the import.

    Raises:
        MissingGradio: it is not installed.
    """
    if find_spec("gradio") is None:
        raise MissingGradio("objcentric play needs Gradio: pip install 'objcentric[play]'")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
