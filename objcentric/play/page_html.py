"""HTML of what a page shows (`page_html`) and the files behind it (`asset`)."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent


def page_html(template: str, **content: object) -> str:
    """A piece of a page; every text in it is escaped.

    Args:
        template: name of a file in `templates`, without its ending.
        content: what the template shows, by name.
    """
    return _environment().get_template(f"{template}.html.j2").render(**content)


@cache
def asset(name: str) -> str:
    """A file of the folder `assets`: HTML, style or script."""
    return (HERE / "assets" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
