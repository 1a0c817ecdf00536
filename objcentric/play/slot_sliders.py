"""Ranges and names of the sliders that change a slot (`SlotSlider`)."""

from dataclasses import dataclass

from objcentric.play.played import Played

MOST_CODES = 12
"""Coordinates of a slot's code that have a slider: the first ones."""

REACH = 3.0
"""How far a slider of a code reaches at least, in standard deviations of a standard normal."""


@dataclass(frozen=True)
class SlotSlider:
    """One slider.

    Attributes:
        name: its label.
        low: its least value.
        high: its greatest value.
        value: its value.
    """

    name: str
    low: float
    high: float
    value: float


def code_sliders(played: Played, slot: int) -> tuple[SlotSlider, ...]:
    """Sliders of the first coordinates of a slot's code, wide enough for what was found."""
    codes = played.changed.slots[0, slot, :MOST_CODES].float().tolist()
    found = played.found.slots[0, slot, :MOST_CODES].float().abs().tolist()
    return tuple(
        _slider(f"code {number}", value, 0.0, max(REACH, 1.5 * near))
        for number, (value, near) in enumerate(zip(codes, found, strict=True), 1)
    )


def place_sliders(played: Played, slot: int) -> tuple[SlotSlider, ...]:
    """Sliders of a slot's place; none in a model without windows."""
    if played.changed.where is None:
        return ()
    where = played.changed.where[0, slot].float().tolist()
    glimpser = played.glimpser
    if glimpser is None or len(glimpser.where.names) != len(where):
        return tuple(
            _slider(f"where {number}", value, value, REACH) for number, value in enumerate(where, 1)
        )
    spec = glimpser.where
    spreads = [max(4 * scale, abs(loc)) for scale, loc in zip(spec.scale, spec.loc, strict=True)]
    return tuple(
        _slider(name, value, loc, spread)
        for name, value, loc, spread in zip(spec.names, where, spec.loc, spreads, strict=True)
    )


def _slider(name: str, value: float, middle: float, reach: float) -> SlotSlider:
    low, high = min(middle - reach, value), max(middle + reach, value)
    return SlotSlider(name, round(low, 2), round(high + 0.005, 2), round(value, 3))
