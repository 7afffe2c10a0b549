"""Numbers in words and figures as readers of a report expect them, the same on every page and picture."""

from __future__ import annotations

import math

from stresstest.quantity import parse_horizon

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
"""Stands where there is no number."""

_UNITS = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
_FRACTIONS = (
    (0.10, "a tenth"), (0.20, "a fifth"), (0.25, "a quarter"), (1.0 / 3.0, "a third"), (0.40, "two fifths"),
    (0.50, "half"), (0.60, "three fifths"), (2.0 / 3.0, "two thirds"), (0.75, "three quarters"),
    (0.80, "four fifths"), (0.90, "nine tenths"),
)  # fmt: skip
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LENGTHS = {"d": "day", "w": "week", "m": "month", "y": "year"}


def percent_text(percent: float | None, digits: int = 1) -> str:
    """Return per cent with their sign: `−56.1 %`; a dash where there is no number.

    Examples
    --------
    >>> percent_text(-56.13), percent_text(0.0), percent_text(None)
    ('−56.1 %', '0.0 %', '–')
    """
    if percent is None or not math.isfinite(percent):
        return NOTHING
    text = f"{percent:+,.{digits}f}"
    if not text.strip("+-0.,"):
        text = text[1:]
    return text.replace("-", MINUS) + " %"


def size_text(percent: float | None, digits: int = 1) -> str:
    """Return the size of per cent without a sign; whole numbers from ten on where `digits` is 0."""
    return NOTHING if percent is None or not math.isfinite(percent) else f"{abs(percent):,.{digits}f} %"


def share_text(share: float | None) -> str:
    """Return a share of one as per cent: `37 %`, `0.4 %` where it is small, `100 %` only for all of it."""
    if share is None or not math.isfinite(share):
        return NOTHING
    percent = 100.0 * share
    if share < 1.0:
        percent = min(percent, 99.9)
    whole = 10.0 <= abs(percent) <= 99.0 or percent in (0.0, 100.0)
    return f"{percent:.0f} %".replace("-", MINUS) if whole else f"{percent:.1f} %".replace("-", MINUS)


def money_text(amount: float | None, *, sign: bool = False) -> str:
    """Return an amount in full: `−1,234,568`."""
    if amount is None or not math.isfinite(amount):
        return NOTHING
    return (f"{amount:+,.0f}" if sign and round(amount) else f"{amount:,.0f}").replace("-", MINUS)


def short_text(amount: float | None, *, sign: bool = False) -> str:
    """Return an amount to three digits: `−145.6m`, `1.24bn`.

    Examples
    --------
    >>> short_text(-145_590_685.6), short_text(1_240_000_000.0, sign=True), short_text(12.0)
    ('−146m', '+1.24bn', '12')
    """
    if amount is None or not math.isfinite(amount):
        return NOTHING
    mark = "+" if sign and amount > 0.0 else MINUS if amount < 0.0 else ""
    for size, unit in _UNITS:
        if abs(amount) >= 0.9995 * size:
            scaled = abs(amount) / size
            digits = 0 if scaled >= 99.95 else 1 if scaled >= 9.995 else 2
            return f"{mark}{scaled:.{digits}f}{unit}"
    return f"{mark}{abs(amount):.0f}"


def number_text(number: float | None, digits: int = 1) -> str:
    """Return a number with a true minus sign."""
    if number is None or not math.isfinite(number):
        return NOTHING
    return f"{number:,.{digits}f}".replace("-", MINUS)


def days_text(days: float) -> str:
    """Return a number of days to a tenth: `2.1`, `under 0.1`."""
    return number_text(days) if days >= 0.095 else "under 0.1"


def horizon_text(horizon: str) -> str:
    """Return a horizon in words: `12 months`, `1 day`; as it is where it is no length of time.

    Examples
    --------
    >>> horizon_text("12m"), horizon_text("1d"), horizon_text("")
    ('12 months', '1 day', '')
    """
    unit = _LENGTHS.get(horizon[-1:].lower())
    count = horizon[:-1]
    if unit is None or not count.isdigit():
        return horizon
    return f"1 {unit}" if int(count) == 1 else f"{int(count)} {unit}s"


def years_of(horizon: str) -> float:
    """Return a horizon in years."""
    return parse_horizon(horizon).years


def count_text(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 position`, `1,204 positions`."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or one + 's'}"


def small_number(count: int) -> str:
    """Return a number in words up to ten."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def fraction_text(share: float) -> str:
    """Return a share of one in words where a common fraction is within two points, else in per cent.

    Examples
    --------
    >>> fraction_text(0.66), fraction_text(0.97), fraction_text(0.55)
    ('two thirds', '97 %', '55 %')
    """
    nearest, words = min(_FRACTIONS, key=lambda item: abs(item[0] - share))
    return words if abs(nearest - share) <= 0.02 else f"{100.0 * share:.0f} %"


def listed(names: tuple[str, ...] | list[str], most: int = 6) -> str:
    """Return the first few names and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def headed(text: str) -> str:
    """Return snake case as words with a capital: `Information technology`."""
    plain = text.replace("_", " ")
    return plain[:1].upper() + plain[1:]
