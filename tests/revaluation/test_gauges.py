from __future__ import annotations

import numpy as np
from tests.fixtures.books import OPTION, instrument, portfolio, small_market

from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Book, compile_book
from stresstest.revaluation.gauges import ContractGauges, Moment
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable

MARKET = small_market()
SPOT = RiskFactorKey("spot", "ACME")
COUNT = 700


def book() -> Book:
    barrier = {**OPTION, "barrier": 90.0, "knock": "down_out"}
    contracts = [
        ("cash", instrument("cash", currency="USD"), 1.0),
        ("european", instrument("european_option", **OPTION), 1.0),
        ("american", instrument("american_option", **OPTION), 1.0),
        ("barrier", instrument("barrier_option", **barrier), 1.0),
    ]
    return compile_book([portfolio(contracts)], MARKET)


def columns() -> FactorColumns:
    """Return more columns than one chunk has, in which the share falls to a third."""
    row = np.concatenate([[120.0], np.linspace(120.0, 40.0, COUNT)])
    table = ColumnTable.instant([f"s{number}" for number in range(COUNT)])
    return FactorColumns(table, MARKET.levels, {SPOT: row})


def test_gauges_are_above_nothing_where_a_trigger_holds() -> None:
    gauges, moved = ContractGauges(book()), columns()
    found = gauges.at(moved)
    spot = moved.moved[SPOT]
    names = [gauge.trigger.name for gauge in gauges.gauges]
    assert names == ["strike", "exercise", "strike", "barrier", "strike"]
    for name, row in zip(names, found, strict=True):
        if name != "exercise":
            level = 90.0 if name == "barrier" else 110.0
            np.testing.assert_array_equal(row, level - spot)
    exercised = found[names.index("exercise")] > 0.0
    assert exercised[-1]
    assert not exercised[0]
    assert (np.diff(exercised.astype(int)) >= 0).all()


def test_some_contracts_alone_show_what_they_show_among_all() -> None:
    whole, moved = ContractGauges(book()), columns()
    rows = sorted({gauge.instrument for gauge in whole.gauges})[1:]
    some = ContractGauges(book(), rows)
    kept = [number for number, gauge in enumerate(whole.gauges) if gauge.instrument in rows]
    assert some.gauges == [whole.gauges[number] for number in kept]
    np.testing.assert_array_equal(some.at(moved), whole.at(moved)[kept])


def test_what_is_over_by_a_later_date_has_no_gauge() -> None:
    assert ContractGauges(book(), moment=Moment(2.0, 1.0)).gauges == []
    assert len(ContractGauges(book(), moment=Moment(0.5, 0.0)).gauges) == 5
