"""Effects: P&L of a unit of every line by hand, positions without a value, columns by name."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.hedging.tiny_books import line, ruled

from stresstest.hedging.inputs.effects import EffectReader, Effects
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock, Step


def reader() -> EffectReader:
    found = ruled()
    cash = next(row for row, item in enumerate(found.book.instruments) if item.tag == "cash")
    return EffectReader(found.book, found.lines, cash)


def effects(*scenarios: Scenario) -> Effects:
    columns = compile_scenarios(ScenarioSet(scenarios), ruled().book.market).columns
    return reader().effects(columns, [scenario.name for scenario in scenarios])


HALVED = Scenario("halved", (Shock.of("spot", "-50%", issuer="NVDA"),), "12m")
STILL = Scenario("still", (Shock.of("spot", "+0%", issuer="KO"),), "12m")


def test_a_share_that_halves_loses_half_and_nothing_else_moves() -> None:
    found, book = effects(HALVED, STILL), ruled()
    nvda = line(book, "nvda", held=True)
    assert found.unit[nvda, 0] == pytest.approx(-0.5 * book.unit_value[nvda], rel=1e-15)
    ko = line(book, "ko", held=False)
    assert found.unit[ko].tolist() == [0.0, 0.0]
    assert found.unit[: book.n_held, 1].tolist() == [0.0] * book.n_held
    assert found.before[1] == 0.0
    assert found.cash.tolist() == [0.0, 0.0]
    assert found.n_incomplete == 0


def test_a_bought_option_loses_its_time_where_nothing_moves() -> None:
    """It is carried with half of its life behind it; a held one is as it is today."""
    found, book = effects(STILL), ruled()
    put, calls = line(book, "spy-put", held=False), line(book, "calls", held=True)
    assert found.unit[put, 0] < 0.0
    assert found.unit[put, 0] > -book.unit_value[put]
    assert found.unit[calls, 0] == 0.0


def test_cash_earns_interest_on_a_path() -> None:
    later = Scenario("later", (), "12m", timing="path", steps=(Step.of("12m"),))
    found = effects(later)
    rate = ruled().book.market.levels[RiskFactorKey("zero_rate", "USD", "1Y")]
    assert found.cash[0] == pytest.approx(math.expm1(rate), rel=0.02)


def test_a_position_without_a_value_counts_as_unmoved_and_a_candidate_cannot_be_bought() -> None:
    shocks = [Shock.of("vol_skew", "-1.9abs", issuer=name) for name in ("NVDA", "SPY")]
    broken = Scenario("broken", (Shock.of("spot", "-30%", issuer=["NVDA"]), *shocks), "12m")
    found, book = effects(broken, STILL), ruled()
    calls, nvda = line(book, "calls", held=True), line(book, "nvda", held=True)
    assert found.unit[calls, 0] == 0.0
    assert found.before[0] == pytest.approx(book.quantity[nvda] * found.unit[nvda, 0], rel=1e-12)
    assert found.n_incomplete == 1
    changed = replace(book, scenarios=found)
    puts = [place for place, one in enumerate(book.lines) if one.is_option and not one.is_held]
    assert np.isnan(found.unit[puts, 0]).any()
    assert not changed.usable[puts].all()


def test_columns_are_found_and_joined_by_name() -> None:
    first, second = effects(HALVED), effects(STILL)
    both = first.joined(second)
    assert both.names == ("halved", "still")
    assert (both.place("still"), dict(both.by_name)) == (1, {"halved": 0, "still": 1})
    assert both.unit.shape == (ruled().n_lines, 2)
    assert both.before.tolist() == [first.before[0], 0.0]
    assert not both.unit.flags.writeable
    with pytest.raises(KeyError, match="other"):
        both.place("other")
    counted = replace(first, n_incomplete=2).joined(replace(second, n_incomplete=3))
    assert counted.n_incomplete == 5
