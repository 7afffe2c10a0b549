"""A book revalued again and again gives the bits of one revaluation, in whatever order moves come."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.shipped import portfolios_of_default_market

import stresstest as st
from stresstest.api import compile_portfolios
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.repeated import RepeatedRevaluation, exchange_columns
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.scenario import ScenarioSet

NAMES = ("ai_capex_collapse", "credit_tightening", "slow_grind", "haven_failure_dollar")
NETWORK = "ai_capex_collapse_network"
SEVERITIES = (1.0, 0.3, 1.0, 0.0, 1.2)


@pytest.fixture(scope="module")
def scenarios():
    return ScenarioSet(tuple(one for name in (*NAMES, NETWORK) for one in st.load_scenarios(name)))


@pytest.fixture(scope="module")
def book(scenarios):
    """Every shipped portfolio in one book."""
    portfolios = [st.load_portfolio(name) for name in portfolios_of_default_market()]
    return compile_portfolios(portfolios, st.load_market("2025-10-03"), scenarios)


def columns_of(book, scenarios, name, severity=1.0, *, stages=False):
    return compile_scenarios(ScenarioSet((scenarios[name],)), book.market, severity, stages=stages).columns


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_order_of_moves_gives_the_bits_of_one_revaluation(book, scenarios, threads):
    repeated = RepeatedRevaluation(book, threads)
    for severity in SEVERITIES:
        for name in NAMES:
            columns = columns_of(book, scenarios, name, severity)
            found, expected = repeated.values(columns), revalue(book, columns)
            assert np.array_equal(found.value, expected.value, equal_nan=True)
            assert (found.cash is None) == (expected.cash is None)
            if expected.cash is not None:
                assert np.array_equal(found.cash, expected.cash, equal_nan=True)


def test_stages_of_a_network_have_the_bits_of_a_run(book, scenarios):
    columns = columns_of(book, scenarios, NETWORK, stages=True)
    assert columns.n_columns > 3
    values = RepeatedRevaluation(book).values(columns).value
    assert np.array_equal(values, revalue(book, columns).value, equal_nan=True)


def test_blocks_that_nothing_moves_are_not_valued_again(book, scenarios):
    repeated = RepeatedRevaluation(book, 1)
    called = []
    for tag, kernel in list(repeated._kernels.items()):
        repeated._kernels[tag] = lambda *given, tag=tag, kernel=kernel: (called.append(tag), kernel(*given))
    columns = columns_of(book, scenarios, "ai_capex_collapse", 0.7)
    repeated.values(columns)
    assert called
    called.clear()
    repeated.values(columns)
    assert called == []


def test_base_values_are_column_0_and_read_only(book, scenarios):
    repeated = RepeatedRevaluation(book)
    columns = columns_of(book, scenarios, "ai_capex_collapse")
    found = repeated.values(columns).value
    assert np.array_equal(repeated.base, found[:, 0], equal_nan=True)
    assert np.array_equal(repeated.base, revalue(book, columns).value[:, 0], equal_nan=True)
    for array in (repeated.base, found):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


@pytest.mark.parametrize("name", NAMES)
def test_work_ends_between_columns_and_dates_and_can_begin_again(book, scenarios, name):
    class EndedError(Exception):
        pass

    def end():
        raise EndedError

    repeated, columns = RepeatedRevaluation(book), columns_of(book, scenarios, name, 0.9)
    with pytest.raises(EndedError):
        repeated.values(columns, end)
    assert np.array_equal(repeated.values(columns).value, revalue(book, columns).value, equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_exchange_rates_are_those_of_a_run(book, scenarios, name):
    columns = columns_of(book, scenarios, name)
    conversions, rates = exchange_columns(book, columns)
    expected = revalue(book, columns)
    assert len(conversions) > 1
    for row, known in enumerate(expected.conversions):
        pair = known.from_currency, known.to_currency
        own = [
            number for number, one in enumerate(conversions) if (one.from_currency, one.to_currency) == pair
        ]
        assert np.array_equal(rates[own[0]], expected.fx[row])
