"""Typed amounts from text: shifts `-60%`, `+150bp`, `x0.4`, `=4.5%`; levels `187.62`, `280bp`; `5Y`; `12m`.

Every conversion is correctly rounded: a unit moves the decimal exponent of the text before it is read as a
double, so `4.24%` is the double nearest to 0.0424 and no division adds an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from stresstest.errors import Location, Problem, nearest

_INTEGER = r"(?:0|[1-9][0-9]*(?:_[0-9]+)*)"
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
UNSIGNED_NUMBER = rf"(?:{_INTEGER}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?[0-9]{{1,5}})?"
"""Pattern of a number without sign: no leading zeros, underscores only between digits, a decimal point."""

_NUMBER = re.compile(rf"[+-]?{UNSIGNED_NUMBER}")
_LEVEL = re.compile(rf"(?P<number>[+-]?{UNSIGNED_NUMBER})(?P<unit>%|[A-Za-z]*)")
_SHIFT = re.compile(rf"(?P<head>[+-]|=[+-]?|x)(?P<number>{UNSIGNED_NUMBER})(?P<unit>%|[A-Za-z]*)")
_NO_CHANGE = re.compile(r"0(?:%|bp|vol|pp|abs)")
_PERIOD = re.compile(r"(?P<count>[1-9][0-9]{0,4})(?P<unit>[A-Za-z])")

_LONG_PERIOD = re.compile(r"(?<=[0-9])([dwmy])(?:ays?|eeks?|onths?|os?|ears?|rs?)$", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?[A-Za-z%]*")
_SPELLINGS = (
    (r"^(?:down|minus|falls?)(?:by)?(?=[0-9])", "-"),
    (r"^(?:up|plus|rises?)(?:by)?(?=[0-9])", "+"),
    (r"(?<=[0-9])(?:percent|pct)$", "%"),
    (r"(?<=[0-9])(?:bps|basispoints?)$", "bp"),
    (r"(?<=[0-9])(?:vols|volpoints?)$", "vol"),
    (r"^\*(?=[0-9.])", "x"),
    (r"^([0-9.]+)[x*]$", r"x\1"),
)
"""Spellings of shifts, blanks left out, and what they are here."""

_DECIMAL_PLACES: dict[str, int] = {"": 0, "%": 2, "abs": 0, "bp": 4, "pp": 2, "vol": 2}
_SHIFT_UNITS = ("%", "bp", "vol", "pp", "abs")
_EQUAL_TO_UNITS = ("", "%", "bp", "vol", "pp")
_SHIFT_FORMS = "a shift with its sign and unit: -60%, +150bp, +5vol, +2pp, +0.1abs, x0.4, =120 or =4.5%"
_LEVEL_FORMS = "a level: 187.62, 4.24%, 280bp or 18vol"
_TENOR_FORMS = "a tenor of whole days, weeks, months or years: 10D, 2W, 1M or 5Y"
_HORIZON_FORMS = "a horizon of whole days, weeks, months or years: 1d, 2w, 12m or 3y"
_FINITE = "a finite number below 1.8e308"
_LONGEST_YEARS = 200
_SHOWN_LENGTH = 60


class QuantityError(ValueError):
    """Text that is not the amount it should be: what was got, what was expected, the likely meaning."""

    def __init__(self, code: str, got: str, expected: str, suggestion: str = "") -> None:
        self.code = code
        self.got = got
        self.expected = expected
        self.suggestion = suggestion
        super().__init__(self.problem().format())

    def problem(self, location: Location | None = None) -> Problem:
        """Return the error as a problem at `location`."""
        return Problem(self.code, self.got, self.expected, location or Location(), self.suggestion)


class ShiftType(Enum):
    """Arithmetic that a shift applies to a level."""

    RELATIVE = "relative"
    ABSOLUTE = "absolute"
    EQUAL_TO = "equal_to"


@dataclass(frozen=True, slots=True)
class Shift:
    """A stated change of one risk factor.

    Attributes
    ----------
    amount
        Decimal: −0.6 for `-60%` and for `x0.4`, 0.015 for `+150bp`, the level itself for `=`.
    unit
        As written: `%`, `bp`, `vol`, `pp`, `abs`, `x`, or empty for a plain level.
    """

    shift_type: ShiftType
    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Tenor:
    """A length of time: whole months or whole days, and its years (months ÷ 12, days ÷ 365)."""

    text: str
    years: float
    months: int = 0
    days: int = 0


def shown(value: object) -> str:
    """Return `value` as an error message names it: `text 'abc'`, `number 12`, `true`, `a list`, `nothing`."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"text {_shortened(value)!r}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"number {_shortened(str(value))}"
    kinds = ((dict, "a mapping"), (list | tuple, "a list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), f"{type(value).__name__} {value}")


def quoted(value: object) -> str:
    """Return how to write a number, a date or a boolean so that it is taken for text: `"7203"`."""
    return f'"{str(value).lower() if isinstance(value, bool) else value}"'


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"


def parse_number(value: object, code: str = "ST155") -> float:
    """Return the finite double that `value` spells; underscores between digits are accepted.

    Raises
    ------
    QuantityError
        For anything else: decimal commas, leading zeros, `nan`, `inf`, numbers beyond double precision.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return _scaled(value, 0)
    expected = "a number with a decimal point"
    if not isinstance(value, str):
        raise QuantityError(code, shown(value), expected)
    raise QuantityError(code, shown(value), expected, _tidied(value, parse_number))


def as_finite(value: float) -> float:
    """Return an int or a float as a finite double.

    Raises
    ------
    QuantityError
        ST121 for NaN and infinity, ST122 for an integer beyond double precision.
    """
    try:
        number = float(value)
    except OverflowError:
        raise QuantityError("ST122", "integer of more than 308 digits", _FINITE) from None
    if number - number != 0.0:
        raise QuantityError("ST121", f"number {number}", _FINITE)
    return number


def parse_level(value: object) -> float:
    """Return a level as a decimal: `187.62`, `4.24%` → 0.0424, `280bp` → 0.028, `18vol` → 0.18.

    A YAML number (int or float) is a level already.

    Raises
    ------
    QuantityError
        ST159 for anything else.

    Examples
    --------
    >>> parse_level("4.24%"), parse_level("280bp"), parse_level("40_000")
    (0.0424, 0.028, 40000.0)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return as_finite(value)
    if not isinstance(value, str):
        raise QuantityError("ST159", shown(value), _LEVEL_FORMS)
    match = _LEVEL.fullmatch(value)
    if match is None:
        raise QuantityError("ST159", shown(value), _LEVEL_FORMS, _tidied(value, parse_level))
    unit = match["unit"]
    if unit not in _EQUAL_TO_UNITS:
        respelled = _with_known_unit(value, unit, _EQUAL_TO_UNITS)
        raise QuantityError("ST159", shown(value), _LEVEL_FORMS, respelled)
    return _scaled(match["number"], _DECIMAL_PLACES[unit])


def parse_percentage(value: object) -> float:
    """Return the decimal of a percentage: `9.25%` → 0.0925.

    Raises
    ------
    QuantityError
        ST157 for a number without `%`, and for anything else.
    """
    expected = "a percentage with its sign, like 9.25%"
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)
        raise QuantityError("ST157", shown(value), expected, _as_percentage(text, value))
    if not isinstance(value, str):
        raise QuantityError("ST157", shown(value), expected)
    match = _LEVEL.fullmatch(value)
    if match is None or match["unit"] != "%":
        bare = match is not None and not match["unit"]
        close = _as_percentage(value, float(value)) if bare else _tidied(value, parse_percentage)
        raise QuantityError("ST157", shown(value), expected, close)
    return _scaled(match["number"], 2)


def _as_percentage(text: str, value: float) -> str:
    """Return the percentage that a bare number is likely to mean: `9` is `9%`, `0.09` is `9%`."""
    exact = _NUMBER.fullmatch(text) and f"{Decimal(text) * 100:f}"
    return f"{_trimmed(exact)}%" if exact and abs(value) < 1 else f"{text}%"


def parse_shift(value: object) -> Shift:
    """Return the shift that `value` spells.

    `%` is always relative; points carry `bp`, `vol`, `pp` or `abs`; `x0.4` multiplies; `=` sets the level.
    The sign is mandatory before an amount other than 0, and an amount without a unit is an error.

    Raises
    ------
    QuantityError
        ST158 for anything else.

    Examples
    --------
    >>> parse_shift("-60%")
    Shift(shift_type=<ShiftType.RELATIVE: 'relative'>, amount=-0.6, unit='%')
    >>> parse_shift("+150bp").amount
    0.015
    """
    if isinstance(value, str) and _NO_CHANGE.fullmatch(value):
        value = f"+{value}"
    match = _SHIFT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _not_a_shift(value)
    head, number, unit = match["head"], match["number"], match["unit"]
    if head == "x":
        _require_unit(value, unit, ("",))
        factor = _scaled(number, 0)
        return Shift(ShiftType.RELATIVE, float(Decimal(number) - 1) if factor < 1e6 else factor - 1.0, "x")
    if head.startswith("="):
        _require_unit(value, unit, _EQUAL_TO_UNITS)
        return Shift(ShiftType.EQUAL_TO, _scaled(head[1:] + number, _DECIMAL_PLACES[unit]), unit)
    if not unit:
        suggestion = f"{head}{_trimmed(f'{Decimal(number) * 100:f}')}%" if _scaled(number, 0) <= 1.0 else ""
        raise QuantityError("ST158", f"shock {value!r} without a unit", _SHIFT_FORMS, suggestion)
    _require_unit(value, unit, _SHIFT_UNITS)
    shift_type = ShiftType.RELATIVE if unit == "%" else ShiftType.ABSOLUTE
    return Shift(shift_type, _scaled(head + number, _DECIMAL_PLACES[unit]), unit)


def parse_tenor(value: object) -> Tenor:
    """Return the tenor that `value` spells: `10D`, `2W`, `1M`, `5Y`.

    Raises
    ------
    QuantityError
        ST160 for anything else, a tenor of zero and one over 200 years.

    Examples
    --------
    >>> parse_tenor("18M")
    Tenor(text='18M', years=1.5, months=18, days=0)
    """
    return _period(value, "DWMY", ("ST160", _TENOR_FORMS))


def parse_horizon(value: object) -> Tenor:
    """Return the horizon that `value` spells: `1d`, `2w`, `12m`, `3y`.

    Raises
    ------
    QuantityError
        ST161 for anything else, a horizon of zero and one over 200 years.
    """
    return _period(value, "dwmy", ("ST161", _HORIZON_FORMS))


def _period(value: object, units: str, code_and_form: tuple[str, str]) -> Tenor:
    code, expected = code_and_form
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if match is None or match["unit"] not in units:
        respelled = re.sub(r"\s", "", value).lstrip("0") if isinstance(value, str) else str(value)
        respelled = _LONG_PERIOD.sub(r"\1", respelled)
        respelled = respelled.upper() if units.isupper() else respelled.lower()
        if re.fullmatch("[1-9][0-9]?", respelled) and units.isupper():
            respelled += "Y"
        close = _PERIOD.fullmatch(respelled)
        suggestion = respelled if close and close["unit"] in units else ""
        raise QuantityError(code, shown(value), expected, suggestion)
    count, unit = int(match["count"]), match["unit"].upper()
    months = count * {"M": 1, "Y": 12}.get(unit, 0)
    days = count * {"D": 1, "W": 7}.get(unit, 0)
    years = months / 12 if months else days / 365
    if years > _LONGEST_YEARS:
        raise QuantityError(code, shown(value), f"at most {_LONGEST_YEARS} years")
    return Tenor(match[0], years, months, days)


def _scaled(number: str, places: int) -> float:
    """Return `number` · 10^−places, correctly rounded; refuse overflow and underflow."""
    mantissa, _, exponent = number.lower().partition("e")
    value = float(f"{mantissa}e{int(exponent or 0) - places}")
    if value == 0.0 and any(digit in mantissa for digit in "123456789"):
        raise QuantityError("ST122", f"number {_shortened(number)}", "a number above 1e-308 in size, or 0")
    if value - value != 0.0:
        raise QuantityError("ST122", f"number {_shortened(number)}", _FINITE)
    return value + 0.0


def _require_unit(value: object, unit: str, units: tuple[str, ...]) -> None:
    if unit not in units:
        raise QuantityError("ST158", shown(value), _SHIFT_FORMS, _with_known_unit(str(value), unit, units))


def _with_known_unit(text: str, unit: str, units: tuple[str, ...]) -> str:
    close = nearest(unit, [known for known in units if known])
    return text.removesuffix(unit) + close if close else ""


def _not_a_shift(value: object) -> QuantityError:
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)
        small = _NUMBER.fullmatch(text) and 0 < abs(value) <= 1
        suggestion = f"{_trimmed(f'{Decimal(text) * 100:+f}')}%" if small else ""
        return QuantityError("ST158", f"shock {text} without a unit", _SHIFT_FORMS, suggestion)
    if not isinstance(value, str):
        return QuantityError("ST158", shown(value), _SHIFT_FORMS)
    if _GROUPED.fullmatch(value):
        got, plain = f"shock {value!r} with a comma", value.replace(",", "")
        return QuantityError("ST158", got, f"a decimal point, or no comma at all: {plain}")
    respelled = _respelled(value)
    unsigned = _LEVEL.fullmatch(respelled)
    if unsigned and respelled[0] not in "+-" and unsigned["unit"] in _SHIFT_UNITS:
        return QuantityError("ST158", f"shock {value!r} without a sign", f"+{respelled} or -{respelled}")
    if unsigned and not unsigned["unit"]:
        return QuantityError("ST158", f"shock {value!r} without a sign and a unit", _SHIFT_FORMS)
    close = _as_a_shift(respelled) if respelled != value else ""
    return QuantityError("ST158", shown(value), _SHIFT_FORMS, close or _tidied(value, parse_shift))


def _as_a_shift(respelled: str) -> str:
    """Return a text where it is a shift, or nothing."""
    if not _SHIFT.fullmatch(respelled):
        return ""
    try:
        parse_shift(respelled)
    except QuantityError:
        return ""
    return respelled


def _respelled(text: str) -> str:
    """Return a shift in words and signs that people use as it is written here: `down 10 percent`, `0.4x`."""
    text = re.sub(r"\s", "", text.strip().casefold())
    for pattern, written in _SPELLINGS:
        text = re.sub(pattern, written, text)
    return text


def _tidied(text: str, parse: Callable[[object], object]) -> str:
    """Return the only spelling that `text` can mean (blanks, minus sign, comma, zeros), or nothing."""
    candidate = re.sub(r"\s", "", text).replace("\N{MINUS SIGN}", "-")
    if candidate.count(",") == 1 and "." not in candidate:
        candidate = "" if re.search(r",[0-9]{3}\D*$", candidate) else candidate.replace(",", ".")
    candidate = re.sub(r"^([+=x-]*)0+(?=[0-9])", r"\1", candidate)
    if candidate == text:
        return ""
    try:
        parse(candidate)
    except QuantityError as error:
        return error.suggestion
    return candidate


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
