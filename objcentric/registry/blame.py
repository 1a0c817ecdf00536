"""Which component an error came from (`culprit`, `blamed`)."""

from importlib.metadata import entry_points
from types import TracebackType

from objcentric.component import Component, interface_of, snake_case
from objcentric.registry.plugin_error import describe
from objcentric.registry.plugin_source import FILE_MODULE, GROUP


def culprit(error: BaseException) -> tuple[Component, str] | None:
    """The component that was running when an error arose, and the line, as `file:number`.

    It is the `self` of the innermost frame that belongs to a component. None if there is no such
    frame, or if it is the default wiring itself.
    """
    found = None
    frame: TracebackType | None = error.__traceback__
    while frame is not None:
        owner = frame.tb_frame.f_locals.get("self")
        if isinstance(owner, Component):
            found = (owner, f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}")
        frame = frame.tb_next
    if found is None or type(found[0]).__module__.startswith("objcentric.model."):
        return None
    return found


def blamed(error: BaseException) -> str:
    """One line about an error: `in compositor mine.brightest: ValueError: … (brightest.py:20)`.

    Without a component to blame, the error's type and message alone.
    """
    said = describe(error)
    if (found := culprit(error)) is None:
        return said
    component, place = found
    return f"in {title(type(component))}: {said} ({place})"


def title(component: type[Component]) -> str:
    """A component for a message: its interface and its canonical name, `compositor mine.brightest`.

    This loads no plugin; the name of one that nobody installed is left out.
    """
    interface = snake_case(interface_of(component).__name__).replace("_", " ")
    name, plugin = snake_case(component.__name__), _plugin_of(component.__module__)
    return f"{interface} {plugin}.{name}" if plugin else f"{interface} {name}"


def _plugin_of(module: str) -> str:
    if module.startswith(FILE_MODULE):
        return module.removeprefix(FILE_MODULE)
    package = module.partition(".")[0]
    for point in entry_points(group=GROUP):
        if point.module.partition(".")[0] == package:
            return point.name
    return ""
