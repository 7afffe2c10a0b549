from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, Domain, FactorKind
from stresstest.quantity import Shift, ShiftType, parse_shift
from stresstest.scenarios.shifts import (
    DomainError,
    change_size,
    is_implausible,
    is_plausible_at_any_base,
    largest_inside,
    plain_step,
    scaled_level,
    shifted_level,
    stated_level,
)

SPOT, RATE, VOL = FACTOR_KINDS["spot"], FACTOR_KINDS["zero_rate"], FACTOR_KINDS["implied_vol"]
RECOVERY, STATE = FACTOR_KINDS["recovery_rate"], FACTOR_KINDS["default_state"]
LOG, ABSOLUTE = ChangeSpace.LOG, ChangeSpace.ABSOLUTE

bases = st.floats(1e-3, 1e6)
relatives = st.floats(-0.99, 5.0)
scales = st.floats(0.0, 3.0)
kinds = st.sampled_from(list(FACTOR_KINDS.values()))
shifts = st.builds(Shift, st.sampled_from(ShiftType), st.floats(-2.0, 5.0), st.just(""))


@pytest.mark.parametrize(
    ("kind", "base", "text", "scale", "expected"),
    [
        (SPOT, 187.62, "-60%", 1.0, 187.62 * 0.4),
        (SPOT, 200.0, "x0.4", 1.0, 80.0),
        (SPOT, 200.0, "=120", 1.0, 120.0),
        (SPOT, 200.0, "+5abs", 1.0, 205.0),
        (RATE, 0.04, "+150bp", 1.0, 0.04 + 0.015),
        (RATE, 0.04, "+150bp", 2.0, 0.04 + 2.0 * 0.015),
        (RATE, 0.04, "-50%", 0.5, 0.04 * 0.75),
        (RATE, 0.02, "=4.5%", 1.0, 0.045),
        (RATE, 0.02, "=4%", 0.5, 0.03),
        (RATE, 0.001, "-50bp", 1.0, 0.001 - 0.005),
        (VOL, 0.2, "+5vol", 0.5, 0.225),
        (RECOVERY, 0.4, "-10pp", 2.0, 0.4 - 0.2),
        (STATE, 0.0, "=1", 1.0, 1.0),
    ],
)
def test_a_shift_gives_the_level_that_it_says(
    kind: object, base: float, text: str, scale: float, expected: float
) -> None:
    level, floored = shifted_level(kind, base, parse_shift(text), scale)  # type: ignore[arg-type]
    assert level == pytest.approx(expected, rel=1e-15, abs=0.0)
    assert not floored


def test_severity_of_a_price_acts_on_its_logarithm() -> None:
    level = shifted_level(SPOT, 100.0, parse_shift("-60%"), 2.0).level
    assert level == pytest.approx(16.0, rel=1e-14)
    half = shifted_level(SPOT, 100.0, parse_shift("=25"), 0.5).level
    assert half == pytest.approx(50.0, rel=1e-14)
    points = shifted_level(SPOT, 100.0, parse_shift("-75abs"), 0.5).level
    assert points == pytest.approx(50.0, rel=1e-14)


@given(kinds, bases, shifts)
def test_no_severity_moves_nothing_to_the_last_bit(kind: object, base: float, shift: Shift) -> None:
    assert shifted_level(kind, base, shift, 0.0) == (base, False)  # type: ignore[arg-type]
    assert shifted_level(kind, base, shift, 0.0, floor=2.0 * base) == (base, False)  # type: ignore[arg-type]


@given(st.sampled_from(ChangeSpace), bases, shifts)
def test_full_severity_gives_exactly_the_stated_level(space: ChangeSpace, base: float, shift: Shift) -> None:
    assert scaled_level(space, base, shift, 1.0) == stated_level(base, shift)


@given(bases, st.floats(0.5, 2e3))
def test_a_stated_level_is_reached_exactly(base: float, target: float) -> None:
    level = shifted_level(SPOT, base, Shift(ShiftType.EQUAL_TO, target, ""), 1.0).level
    assert level == target


@given(bases, relatives, scales, scales)
def test_severities_add_in_log_space(base: float, relative: float, first: float, second: float) -> None:
    shift = Shift(ShiftType.RELATIVE, relative, "%")
    between = scaled_level(LOG, base, shift, first)
    step_by_step = scaled_level(LOG, between, shift, second)
    at_once = scaled_level(LOG, base, shift, first + second)
    assert step_by_step == pytest.approx(at_once, rel=1e-13)


@given(st.floats(-0.05, 0.2), st.floats(-0.05, 0.05), scales, scales)
def test_severities_add_in_points(base: float, amount: float, first: float, second: float) -> None:
    shift = Shift(ShiftType.ABSOLUTE, amount, "bp")
    step_by_step = scaled_level(ABSOLUTE, scaled_level(ABSOLUTE, base, shift, first), shift, second)
    assert step_by_step == pytest.approx(scaled_level(ABSOLUTE, base, shift, first + second), abs=1e-16)


@given(st.sampled_from([LOG, ABSOLUTE]), bases, shifts, scales, scales)
def test_more_severity_never_moves_back(
    space: ChangeSpace, base: float, shift: Shift, first: float, second: float
) -> None:
    less, more = sorted((first, second))
    assume(space is not LOG or stated_level(base, shift) > 0.0)
    gap = 1e-12 * (abs(stated_level(base, shift)) + base)
    near, far = (scaled_level(space, base, shift, scale) for scale in (less, more))
    assert abs(far - base) >= abs(near - base) - gap


@given(bases, st.floats(-0.999, 8.0), st.floats(0.001, 3.0))
def test_a_power_agrees_with_the_library_of_the_platform(base: float, relative: float, scale: float) -> None:
    level = scaled_level(LOG, base, Shift(ShiftType.RELATIVE, relative, "%"), scale)
    assert level == pytest.approx(base * math.pow(1.0 + relative, scale), rel=1e-14)


@pytest.mark.parametrize(
    ("kind", "base", "text", "scale", "largest"),
    [
        (VOL, 0.16, "-20vol", 1.0, 0.8),
        (VOL, 0.16, "-8vol", 3.0, 2.0),
        (VOL, 0.16, "-50%", 3.0, 2.0),
        (VOL, 0.16, "=8vol", 3.0, 2.0),
        (RECOVERY, 0.4, "+20pp", 4.0, 3.0),
        (RECOVERY, 0.4, "-10pp", 5.0, 4.0),
        (SPOT, 100.0, "-100%", 1.0, 0.0),
        (SPOT, 100.0, "-100%", 0.5, 0.0),
        (SPOT, 100.0, "-120abs", 0.5, 0.0),
        (SPOT, 100.0, "=0", 0.5, 0.0),
        (STATE, 0.0, "=1", 0.5, 0.0),
        (STATE, 0.0, "=1", 2.0, 1.0),
    ],
)
def test_a_level_outside_the_domain_names_the_largest_scale(
    kind: object, base: float, text: str, scale: float, largest: float
) -> None:
    with pytest.raises(DomainError) as error:
        shifted_level(kind, base, parse_shift(text), scale)  # type: ignore[arg-type]
    assert error.value.largest_scale == pytest.approx(largest, rel=1e-12)


@given(kinds, st.floats(0.01, 0.99), shifts, st.floats(0.01, 20.0))
def test_the_largest_scale_works_and_no_much_larger_one_does(
    kind: object, base: float, shift: Shift, scale: float
) -> None:
    assume(kind.domain is not Domain.INDICATOR)  # type: ignore[attr-defined]
    try:
        level = shifted_level(kind, base, shift, scale).level  # type: ignore[arg-type]
        assert kind.domain.holds(level)  # type: ignore[attr-defined]
    except DomainError as error:
        largest = error.largest_scale
        assert 0.0 <= largest < scale
        assert not kind.domain.holds(error.level)  # type: ignore[attr-defined]
        assert shifted_level(kind, base, shift, largest).level >= 0.0  # type: ignore[arg-type]
        with pytest.raises(DomainError):
            shifted_level(kind, base, shift, largest + 1e-9 * (1.0 + largest))  # type: ignore[arg-type]


def test_an_overflow_is_outside_every_domain() -> None:
    with pytest.raises(DomainError) as error:
        shifted_level(SPOT, 1.0, parse_shift("+900%"), 400.0)
    assert error.value.level == math.inf
    assert error.value.largest_scale == pytest.approx(308.25, rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "base", "move", "floor", "expected"),
    [
        (RATE, 0.02, ("-300bp", 1.0), 0.001, (0.001, True)),
        (RATE, 0.02, ("-100bp", 1.0), 0.001, (0.01, False)),
        (RATE, 0.0005, ("-100bp", 1.0), 0.001, (0.0005, True)),
        (RATE, 0.0005, ("+2bp", 1.0), 0.001, (0.0005 + 2e-4, False)),
        (VOL, 0.1, ("-20vol", 1.0), 0.05, (0.05, True)),
        (VOL, 0.1, ("-150%", 1.0), 0.0, (0.0, True)),
        (SPOT, 100.0, ("-99%", 1.0), 5.0, (5.0, True)),
        (SPOT, 100.0, ("-100%", 1.0), 5.0, (5.0, True)),
        (SPOT, 100.0, ("-130abs", 1.0), 5.0, (5.0, True)),
        (SPOT, 100.0, ("-100%", 2.0), 5.0, (5.0, True)),
    ],
)
def test_a_floor_stops_a_fall_and_lifts_nothing(
    kind: object, base: float, move: tuple[str, float], floor: float, expected: tuple[float, bool]
) -> None:
    text, scale = move
    moved = shifted_level(kind, base, parse_shift(text), scale, floor)  # type: ignore[arg-type]
    assert moved == pytest.approx(expected, rel=1e-15)


@given(bases, st.floats(1e-3, 1.0), scales)
def test_a_floor_under_an_impossible_fall_keeps_severity_continuous(
    base: float, share: float, scale: float
) -> None:
    floor = base * share
    level = shifted_level(SPOT, base, parse_shift("-100%"), scale, floor).level
    assert floor <= level <= base
    expected = base * share ** min(scale, 1.0)
    assert level == pytest.approx(expected, rel=1e-12)


def test_sizes_are_compared_in_the_change_space() -> None:
    assert change_size(SPOT, 100.0, 50.0) == pytest.approx(math.log(2.0))
    assert change_size(SPOT, 100.0, 200.0) == pytest.approx(math.log(2.0))
    assert change_size(SPOT, 100.0, 0.0) == math.inf
    assert change_size(RATE, 0.04, 0.01) == pytest.approx(0.03)


@given(kinds, st.floats(1e-4, 1e4), shifts)
def test_what_is_plausible_at_any_base_is_plausible_at_each(kind: object, base: float, shift: Shift) -> None:
    if is_plausible_at_any_base(kind, shift):  # type: ignore[arg-type]
        assert not is_implausible(kind, base, stated_level(base, shift))  # type: ignore[arg-type]


def test_only_a_rise_makes_a_price_implausible() -> None:
    assert is_implausible(SPOT, 10.0, 101.0)
    assert not is_implausible(SPOT, 10.0, 100.0)
    assert not is_implausible(SPOT, 10.0, 0.01)
    assert is_implausible(RATE, 0.04, -0.17)
    assert not is_implausible(RATE, 0.04, 0.23)


def test_bisection_finds_where_a_path_leaves() -> None:
    assert largest_inside(VOL, lambda part: 1.0 - part, 4.0) == pytest.approx(1.0, rel=1e-15)
    assert largest_inside(SPOT, lambda part: part * math.nan, 4.0) < 1e-20


@given(kinds, bases, shifts, scales | st.just(1.0), st.none() | st.floats(0.0, 1.0))
def test_a_step_for_all_bases_gives_the_bits_of_one_base(
    kind: FactorKind, base: float, shift: Shift, scale: float, floor: float | None
) -> None:
    step = plain_step(kind, shift, scale, floor)
    assume(step is not None)
    assert step is not None
    level = base * step.ratio if step.change is None else base + step.change
    if step.low <= level <= step.high:
        assert shifted_level(kind, base, shift, scale, floor) == (level, False)


@pytest.mark.parametrize(("text", "kind"), [("-60%", SPOT), ("+50bp", RATE), ("+10%", RATE), ("-5vol", VOL)])
def test_shifts_that_do_to_every_base_the_same_have_a_step(text: str, kind: FactorKind) -> None:
    shift = parse_shift(text)
    step = plain_step(kind, shift, 0.5, None)
    assert step is not None
    level = 0.25 * step.ratio if step.change is None else 0.25 + step.change
    assert step.low <= level <= step.high
    assert shifted_level(kind, 0.25, shift, 0.5) == (level, False)
    assert plain_step(kind, shift, 0.0, None) is None
    assert plain_step(kind, parse_shift("=0.2"), 0.5, None) is None
