"""Shifts, levels, percentages, tenors and horizons: exact values, refusals, and what is suggested."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stresstest import quantity
from stresstest.errors import Location
from stresstest.quantity import (
    QuantityError,
    Shift,
    ShiftType,
    Tenor,
    as_finite,
    parse_horizon,
    parse_level,
    parse_number,
    parse_percentage,
    parse_shift,
    parse_tenor,
    shown,
)

RELATIVE, ABSOLUTE, EQUAL_TO = ShiftType.RELATIVE, ShiftType.ABSOLUTE, ShiftType.EQUAL_TO

SHIFTS = [
    ("-60%", RELATIVE, -0.6, "%"),
    ("+12.5%", RELATIVE, 0.125, "%"),
    ("-100%", RELATIVE, -1.0, "%"),
    ("+150bp", ABSOLUTE, 0.015, "bp"),
    ("-75bp", ABSOLUTE, -0.0075, "bp"),
    ("+5vol", ABSOLUTE, 0.05, "vol"),
    ("+2pp", ABSOLUTE, 0.02, "pp"),
    ("+0.1abs", ABSOLUTE, 0.1, "abs"),
    ("-40_000abs", ABSOLUTE, -40000.0, "abs"),
    ("x0.4", RELATIVE, -0.6, "x"),
    ("x1.1", RELATIVE, 0.1, "x"),
    ("x2", RELATIVE, 1.0, "x"),
    ("x0", RELATIVE, -1.0, "x"),
    ("=120", EQUAL_TO, 120.0, ""),
    ("=4.5%", EQUAL_TO, 0.045, "%"),
    ("=-50bp", EQUAL_TO, -0.005, "bp"),
    ("=35vol", EQUAL_TO, 0.35, "vol"),
    ("=1e-4", EQUAL_TO, 1e-4, ""),
    ("+1e1bp", ABSOLUTE, 1e-3, "bp"),
]

NO_SHIFTS = [
    ("-0.6", "-60%"),
    (-0.6, "-60%"),
    (0.05, "+5%"),
    ("150", ""),
    (150, ""),
    ("+150", ""),
    ("60%", ""),
    ("150bp", ""),
    ("\N{MINUS SIGN}60%", "-60%"),
    ("- 60 %", "-60%"),
    ("+150bps", "+150bp"),
    ("+5vols", "+5vol"),
    ("+5Vol", "+5vol"),
    ("-1,5%", "-1.5%"),
    ("+1,000bp", ""),
    ("+1.234,5%", ""),
    ("+010bp", "+10bp"),
    ("x0.4%", ""),
    ("x-0.4", ""),
    ("=5abs", ""),
    ("+inf%", ""),
    ("+nan%", ""),
    ("+1e400abs", ""),
    ("+1e-400abs", ""),
    ("+\N{FULLWIDTH DIGIT FIVE}%", ""),
    ("", ""),
    ("x", ""),
    ("=", ""),
    (True, ""),
    (None, ""),
    (["-60%"], ""),
]


@pytest.mark.parametrize(("text", "shift_type", "amount", "unit"), SHIFTS)
def test_shift(text: str, shift_type: ShiftType, amount: float, unit: str) -> None:
    assert parse_shift(text) == Shift(shift_type, amount, unit)


@pytest.mark.parametrize(("value", "suggestion"), NO_SHIFTS)
def test_what_is_no_shift_is_refused_with_the_likely_meaning(value: object, suggestion: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_shift(value)
    assert caught.value.suggestion == suggestion
    assert caught.value.code in ("ST158", "ST122")


def test_bare_shock_and_missing_sign_are_named() -> None:
    with pytest.raises(QuantityError, match="without a unit"):
        parse_shift("+0.5")
    with pytest.raises(QuantityError, match=r"without a sign; expected \+60% or -60%"):
        parse_shift("60%")


mantissas = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=6)


@given(mantissas, st.sampled_from([("%", 2), ("bp", 4), ("vol", 2), ("pp", 2), ("", 0)]), st.booleans())
def test_levels_are_correctly_rounded(mantissa: Decimal, unit: tuple[str, int], negative: bool) -> None:
    text = f"{'-' if negative else ''}{mantissa:f}{unit[0]}"
    exact = float((-mantissa if negative else mantissa).scaleb(-unit[1]))
    assert parse_level(text) == exact
    assert parse_shift(f"={text}").amount == exact


@given(
    st.one_of(st.text(max_size=12), st.from_regex(r"[+=x-]?[0-9_.,eE ]{1,9}(%|bp|vol|pp|abs|[a-z]{1,3})?"))
)
@example("=0A ")
def test_any_text_is_a_quantity_or_refused_with_a_suggestion_that_works(text: str) -> None:
    for parse in (parse_shift, parse_level, parse_percentage, parse_tenor, parse_horizon, parse_number):
        try:
            parse(text)
        except QuantityError as error:
            if error.suggestion:
                assert error.suggestion != text
                accepted_or_beyond_range(parse, error.suggestion)


def accepted_or_beyond_range(parse: Callable[[object], object], suggestion: str) -> None:
    try:
        parse(suggestion)
    except QuantityError as error:
        assert error.code == "ST122" or error.expected == "at most 200 years"


@given(st.floats(min_value=-1.0, max_value=1.0, exclude_min=True, exclude_max=True))
def test_a_bare_fraction_suggests_the_percentage_that_means_it(fraction: float) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_percentage(fraction)
    assert parse_percentage(caught.value.suggestion) == fraction


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("187.62", 187.62),
        ("4.24%", 0.0424),
        ("280bp", 0.028),
        ("18vol", 0.18),
        ("-0.5%", -0.005),
        ("40_000", 4e4),
    ],
)
def test_level(text: str, level: float) -> None:
    assert parse_level(text) == level


def test_a_number_is_a_level() -> None:
    assert parse_level(187.62) == 187.62
    assert parse_level(5) == 5.0
    assert isinstance(parse_level(5), float)


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("1,5", "1.5"),
        ("1,500", ""),
        ("12bps", "12bp"),
        ("4.24 %", "4.24%"),
        (True, ""),
        (None, ""),
        ("NaN", ""),
    ],
)
def test_what_is_no_level(value: object, suggestion: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_level(value)
    assert (caught.value.code, caught.value.suggestion) == ("ST159", suggestion)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_numbers_that_are_not_finite_doubles(value: float) -> None:
    with pytest.raises(QuantityError) as caught:
        as_finite(value)
    assert caught.value.code in ("ST121", "ST122")


def test_percentage() -> None:
    assert parse_percentage("9.25%") == 0.0925
    assert parse_percentage("-0.5%") == -0.005
    for value, suggestion in [
        (0.0925, "9.25%"),
        (9.25, "9.25%"),
        ("9.25", "9.25%"),
        ("0.0925", "9.25%"),
        ("9,25%", "9.25%"),
        ("9.25bp", ""),
    ]:
        with pytest.raises(QuantityError) as caught:
            parse_percentage(value)
        assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "tenor"),
    [
        ("1M", Tenor("1M", 1 / 12, months=1)),
        ("18M", Tenor("18M", 1.5, months=18)),
        ("5Y", Tenor("5Y", 5.0, months=60)),
        ("2W", Tenor("2W", 14 / 365, days=14)),
        ("10D", Tenor("10D", 10 / 365, days=10)),
        ("200Y", Tenor("200Y", 200.0, months=2400)),
    ],
)
def test_tenor(text: str, tenor: Tenor) -> None:
    assert parse_tenor(text) == tenor
    horizon = parse_horizon(text.lower())
    assert (horizon.years, horizon.months, horizon.days) == (tenor.years, tenor.months, tenor.days)


@pytest.mark.parametrize(
    "value", ["5y", "05Y", "0D", "201Y", "1.5Y", "Y", "-1Y", "1Q", " 1Y", 5, None, "1Y\n"]
)
def test_what_is_no_tenor(value: object) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_tenor(value)
    assert caught.value.code == "ST160"


def test_case_tells_tenor_from_horizon() -> None:
    with pytest.raises(QuantityError) as caught:
        parse_horizon("12M")
    assert (caught.value.code, caught.value.suggestion) == ("ST161", "12m")


def test_error_becomes_a_problem_at_its_place() -> None:
    with pytest.raises(QuantityError) as caught:
        parse_tenor("5y")
    problem = caught.value.problem(Location("a.yaml", 3, 9))
    assert problem.format() == (
        "a.yaml:3:9: error[ST160] text '5y'; expected a tenor of whole days, weeks, months or years: "
        "10D, 2W, 1M or 5Y; did you mean '5Y'?"
    )


def test_values_are_named_and_cut_short() -> None:
    assert [shown(v) for v in (None, "a", True, 1, [1], {})] == [
        "nothing",
        "text 'a'",
        "true",
        "number 1",
        "a list",
        "a mapping",
    ]
    assert len(shown("x" * 1000)) < 80
    assert "\x1b" not in shown("\x1b[31m")


def test_examples_in_the_documentation() -> None:
    result = doctest.testmod(quantity)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("unit", ["%", "bp", "vol", "pp", "abs"])
def test_no_change_needs_no_sign(unit: str) -> None:
    assert parse_shift(f"0{unit}") == parse_shift(f"+0{unit}")


@pytest.mark.parametrize("text", ["0", "00%", "0.5%"])
def test_anything_but_no_change_needs_its_sign_and_unit(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_shift(text)
