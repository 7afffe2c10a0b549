"""Parts of a change add up to it, to the last bit, and a step that moves nothing has the part 0."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.batch.comparing.split import STEPS, Chain, Split, split

MONEY = st.floats(-1e12, 1e12).filter(lambda x: x == 0.0 or abs(x) > 1e-6)


def one(*states: float) -> Split:
    return split(["p"], ["s"], Chain(*(np.array([[state]]) for state in states)))


def parts(found: Split) -> dict[str, float]:
    return dict(zip(STEPS, found.parts[:, 0, 0].tolist(), strict=True))


@given(st.tuples(MONEY, MONEY, MONEY, MONEY, MONEY, MONEY))
def test_parts_add_up_within_the_spacing_of_doubles(states: tuple[float, ...]) -> None:
    found = one(*states)
    assert found.largest_gap <= 2.0 * math.ulp(float(np.abs(found.parts).max()))
    assert found.change[0, 0] == states[-1] - states[0]


def test_nearly_all_changes_of_three_inputs_are_hit_to_the_last_bit() -> None:
    rng = np.random.default_rng(7)
    first = rng.normal(0.0, 1e6, (200, 500))
    second, third, fourth = (first + rng.normal(0.0, 1e4, first.shape) for _ in range(3))
    found = split([], [], Chain(first, first, second, third, fourth, fourth))
    total = found.parts[0] + found.parts[1] + found.parts[2]
    assert (total == found.change).mean() > 0.99


@given(MONEY, MONEY, MONEY)
def test_each_part_is_the_difference_of_its_states_but_for_rounding(a: float, b: float, c: float) -> None:
    found = parts(one(a, a, b, c, c, c))
    assert found["positions"] == (b - a if c != b else c - a)
    assert found["market"] == pytest.approx(c - b, abs=4.0 * math.ulp(max(abs(a), abs(b), abs(c))))
    assert (found["scenarios"], found["model"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("states", "step"),
    [
        ((1.1, 1.1, 4.3, 4.3, 4.3, 4.3), "positions"),
        ((1.1, 1.1, 1.1, 4.3, 4.3, 4.3), "market"),
        ((1.1, 1.1, 1.1, 1.1, 4.3, 4.3), "scenarios"),
        ((1.1, 4.3, 4.3, 4.3, 4.3, 4.3), "model"),
        ((1.1, 1.1, 1.1, 1.1, 1.1, 4.3), "model"),
    ],
)
def test_one_change_shows_just_that(states: tuple[float, ...], step: str) -> None:
    found = parts(one(*states))
    assert found.pop(step) == 4.3 - 1.1
    assert set(found.values()) == {0.0}


def test_no_change_is_no_part() -> None:
    found = one(*[2.5] * 6)
    assert set(parts(found).values()) == {0.0}


def test_a_cell_without_a_value_is_counted_and_not_split() -> None:
    found = one(math.nan, 1.0, 1.0, 1.0, 1.0, 1.0)
    assert np.isnan(found.parts).all()
    assert found.unvalued == 1


def test_a_state_that_cannot_be_valued_joins_the_next_step() -> None:
    assert parts(one(1.0, 1.0, 1.5, math.nan, 4.0, 4.0)) == {
        "positions": 0.5,
        "market": 2.5,
        "scenarios": 0.0,
        "model": 0.0,
    }
