"""Colours of slots and of lines in the report, and the numbers and dashes beside them."""

from objcentric.pictures import style

DASHES = ("", "6 3", "2 3", "8 3 2 3", "12 4", "4 2 1 2")
"""Dash patterns of lines, the second sign beside their colour."""

LINES = 6
"""How many line colours `style.css` defines, as --line-1 … --line-6."""


def slot_color(slot: int) -> str:
    """The colour of a slot, the same as in the run's pictures."""
    return style.step_color(slot)


def slot_ink(slot: int) -> str:
    """Black or white, whichever is easier to read on the slot's colour."""
    light = luminance(slot_color(slot))
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, in [0, 1] (WCAG 2.2)."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def line_color(number: int) -> str:
    """The colour of a line in a chart, in light and in dark."""
    return f"var(--line-{number % LINES + 1})"


def line_dash(number: int) -> str:
    """The dash pattern of a line in a chart; another one for every one of the colours."""
    return DASHES[(number + number // LINES) % len(DASHES)]
