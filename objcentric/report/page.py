"""From what a page shows to its file (`write_page`)."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from objcentric import __version__
from objcentric.files import write_text

_GENERATOR = b'<meta name="generator" content="objcentric '

TEMPLATES = Path(__file__).parent / "templates"


def write_page(template: str, path: Path, **content: object) -> Path:
    """Writes a page in one step; every text in it is escaped.

    Args:
        template: name of a file in `templates`.
        path: the file to write.
        content: what the template shows, by name.

    Returns:
        `path`.
    """
    write_text(path, _environment().get_template(template).render(version=__version__, **content))
    return path


def is_report(path: Path) -> bool:
    """Whether a file is a page that `write_page` wrote."""
    with path.open("rb") as file:
        return _GENERATOR in file.read(4096)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
