"""Contributions, limits, coverage, traces and sensitivities of a small book."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.fixtures.books import columns, every_type, instrument, portfolio, random_columns, small_market

from stresstest.errors import InputError
from stresstest.measures.contributions import contributions
from stresstest.measures.coverage import coverage
from stresstest.measures.limits import check_limits, require_scenarios, unchecked_limits
from stresstest.measures.reconciliation import reconcile
from stresstest.measures.sensitivities import factor_sensitivities, sensitivities
from stresstest.measures.trace import trace
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.model import Limit, NetAssetValue
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = small_market()
SOURCE = columns(MARKET, [{"spot/ACME": 60.0, "implied_vol/ACME/1Y": 0.5}, {"fx_spot/EURUSD": 1.0}])
TAGS = {"desk": ("", "", "one", "one", "two", "two", "two", "", "")}


def stressed(source=SOURCE, **more):
    book = compile_book([portfolio(every_type(), **more)], MARKET)
    return apply_holdings(book, revalue(book, source)).portfolios[0]


@pytest.mark.parametrize(
    "attribute", ["position", "type", "issuer", "currency", "theme", "sector", "rating", "desk"]
)
def test_contributions_add_up(attribute):
    held = stressed(random_columns(MARKET, 20), tags=TAGS)
    shares = contributions(held, attribute)
    assert shares.base_value.sum() == pytest.approx(held.base_value, rel=1e-12)
    np.testing.assert_allclose(shares.pnl.sum(axis=0), held.pnl, atol=1e-9)


def test_contributions_name_their_groups():
    held = stressed(tags=TAGS)
    assert set(contributions(held, "sector").groups) == {"industrials", "energy", "(none)"}
    themes = contributions(held, "theme")
    robots = themes.pnl[themes.groups.index("robots"), 1]
    acme = held.position_pnl[[held.position_ids.index(name) for name in ("acme", "put")], 1]
    assert robots == pytest.approx(0.5 * acme.sum())


def test_an_unknown_attribute_is_refused():
    with pytest.raises(InputError, match=r"ST262.*did you mean 'sector'"):
        contributions(stressed(), "sectr")


def test_limits_take_the_worst_scenario_they_cover():
    limits = (Limit("any", 0.01), Limit("s1", 0.5, "gross"), Limit("unrun", 0.1))
    held = stressed(limits=limits)
    worst, gross = check_limits(held)
    assert [limit.scenario for limit in unchecked_limits(held)] == ["unrun"]
    column = int(np.argmin(held.pnl[1:])) + 1
    assert worst.scenario == held.table.scenario[column]
    assert worst.loss == pytest.approx(-held.pnl[column] / abs(held.base_value))
    assert gross.loss == pytest.approx(-held.pnl[2] / np.abs(held.position_value[:, 0]).sum())
    assert (worst.breached, gross.breached) == (worst.loss > 0.01, False)


def test_a_limit_on_an_unknown_scenario_is_refused():
    with pytest.raises(InputError, match=r"ST263.*did you mean 'crash'"):
        require_scenarios((Limit("crsh", 0.1),), ("crash",))


def test_coverage_says_what_a_scenario_reaches():
    held = stressed()
    found = coverage(held, SOURCE)
    reached = [
        {held.position_ids[row] for row in np.flatnonzero(found.reached[:, column])} for column in (0, 1, 2)
    ]
    assert reached == [set(), {"acme", "put"}, {"cash-eur", "euro"}]
    gross = dict(zip(held.position_ids, found.gross.tolist(), strict=True))
    assert set(found.unreached(1)) == set(held.position_ids) - {"acme", "put"}
    assert found.unreached(1) == tuple(sorted(found.unreached(1), key=lambda name: -gross[name]))
    assert found.share(0) == 0.0
    assert 0.0 < found.share(1) < 1.0


def test_what_is_worth_nothing_today_counts_by_what_it_may_be_worth():
    par = [
        ("forward", instrument("equity_future", underlying="ACME", expiry=date(2026, 1, 2)), 100.0),
        ("other", instrument("equity_future", underlying="INDEX", expiry=date(2026, 1, 2)), 50.0),
    ]
    book = compile_book([portfolio(par)], MARKET)
    source = columns(
        MARKET, [{"spot/ACME": 50.0}, {"spot/INDEX": 30.0}, {"spot/ACME": 50.0, "spot/INDEX": 30.0}]
    )
    (held,) = apply_holdings(book, revalue(book, source)).portfolios
    found = coverage(held, source)
    assert found.gross.tolist() == [0.0, 0.0]
    sizes = np.abs(held.position_value).max(axis=1)
    assert found.exposure.tolist() == sizes.tolist()
    assert [found.count(column) for column in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert [found.share(0), found.share(3)] == [0.0, 1.0]
    assert found.share(1) == found.exposure_share(1) == pytest.approx(sizes[0] / sizes.sum())


def test_coverage_of_what_is_never_worth_anything_counts_positions():
    spec = instrument("equity_future", underlying="ACME", expiry=date(2026, 1, 2))
    book = compile_book(
        [portfolio([("a", spec, 1.0), ("b", instrument("cash", currency="EUR"), 0.0)])], MARKET
    )
    source = columns(MARKET, [{"fx_spot/EURUSD": 1.3}])
    (held,) = apply_holdings(book, revalue(book, source)).portfolios
    assert coverage(held, source).share(1) == 0.5


def test_a_trace_adds_up_and_shows_the_interaction():
    held = stressed()
    first, second = trace(held, SOURCE, "put")
    assert [str(part.key) for part in first.factors] == ["spot/ACME", "implied_vol/ACME/1Y"]
    assert sum(part.pnl for part in first.factors) + first.interaction == pytest.approx(first.pnl)
    assert first.pnl == held.position_pnl[held.position_ids.index("put"), 1]
    assert first.interaction != 0.0
    assert (second.factors, second.pnl, second.interaction) == ((), 0.0, 0.0)
    with pytest.raises(InputError, match="ST264"):
        trace(held, SOURCE, "putt")


def test_sensitivities_have_the_right_signs_and_sizes():
    book = compile_book([portfolio(every_type())], MARKET)
    (found,) = sensitivities(book)
    by_name = {
        name: dict(zip(found.position_ids, found.value[:, column], strict=True))
        for column, name in enumerate(found.names)
    }
    assert by_name["delta"]["acme"] == pytest.approx(30 * 1.2)
    assert by_name["gamma"]["acme"] == pytest.approx(0.0, abs=1e-9)
    assert by_name["delta"]["put"] < 0.0 < by_name["gamma"]["put"]
    assert by_name["vega"]["put"] > 0.0 > by_name["vega"]["call"]
    assert by_name["dv01"]["bond"] < 0.0
    assert by_name["cs01"]["bond"] < 0.0
    assert by_name["fx_delta"]["cash-eur"] == pytest.approx(0.01 * 500 * 1.1747)
    assert by_name["delta"]["cash"] == 0.0


def test_sensitivities_by_factor_add_up_to_those_by_kind():
    book = compile_book([portfolio(every_type())], MARKET)
    (by_position,) = sensitivities(book)
    by_factor = factor_sensitivities(book)
    nodes = [row for row, key in enumerate(by_factor.keys) if key.kind == "zero_rate"]
    total = by_position.value[:, by_position.names.index("dv01")].sum()
    assert by_factor.value[0, nodes].sum() == pytest.approx(total, rel=1e-6)


def test_reconciliation_splits_the_difference():
    item = instrument("equity", issuer="ACME")
    rows = [("a", item, 10.0)]
    book = compile_book([portfolio(rows, nav=NetAssetValue(1_000.0))], MARKET)
    found = reconcile(apply_holdings(book, revalue(book, SOURCE)).portfolios[0])
    assert found is not None
    assert found.difference == pytest.approx(200.0)
    assert found.unexplained == pytest.approx(200.0)
    assert reconcile(stressed()) is None
