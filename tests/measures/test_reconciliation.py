from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.fixtures.books import columns, instrument, portfolio, small_market

from stresstest.measures.reconciliation import reconcile
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.model import NetAssetValue
from stresstest.portfolio.writing import portfolio_text
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.failures import FailureReason, PositionFailure
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings

MARKET = small_market()


def held(nav: NetAssetValue) -> PortfolioResult:
    rows = [(name, instrument("equity", issuer=name), 10.0) for name in ("ACME", "BOLT")]
    book = compile_book([portfolio(rows, nav=nav)], MARKET)
    return apply_holdings(book, revalue(book, columns(MARKET, [{"spot/ACME": 1.0}]))).portfolios[0]


@pytest.mark.parametrize(
    ("nav", "tolerance", "within"),
    [(1_650.0, None, True), (1_667.0, None, False), (1_667.0, 0.02, True), (1_650.1, 0.0, False)],
)
def test_a_base_value_of_1650_matches_within_the_tolerance(
    nav: float, tolerance: float | None, within: bool
) -> None:
    found = reconcile(held(NetAssetValue(nav, date(2025, 9, 30))), tolerance)
    assert found is not None
    assert (found.within, found.days_apart) == (within, 3)
    assert found.difference == pytest.approx(1_650.0 - nav, abs=1e-9)
    assert found.share == pytest.approx((1_650.0 - nav) / nav, abs=1e-12)
    assert found.tolerance == (0.01 if tolerance is None else tolerance)


def test_a_match_without_a_position_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base value that leaves out what failed must not reconcile by accident."""
    result = held(NetAssetValue(1_650.0))
    failure = PositionFailure("portfolio", "ACME", "base", FailureReason.NOT_FINITE, "no value", float("nan"))
    monkeypatch.setattr(PortfolioResult, "failures", property(lambda _: (failure,)))
    found = reconcile(result)
    assert found is not None
    assert (found.difference, found.within, found.without_value) == (0.0, False, ("ACME",))
    later = replace(failure, scenario="fall")
    monkeypatch.setattr(PortfolioResult, "failures", property(lambda _: (later,)))
    elsewhere = reconcile(result)
    assert elsewhere is not None
    assert elsewhere.within


def test_tolerances_and_limits_are_written_as_they_are_read(tmp_path: Path) -> None:
    text = """\
version: 1
name: fund
currency: USD
nav: {value: 100, date: 2025-09-30, source: administrator, tolerance: 0.5%}
positions:
  - {id: cash, type: cash, currency: USD, quantity: 100}
limits:
  - {name: committee, scenario: any, max_loss: 30%, of: base, warning: 20%, owner: Head of risk}
"""
    file = tmp_path / "fund.yaml"
    file.write_text(text, encoding="utf-8")
    found = load_portfolio(file)
    assert found.nav == NetAssetValue(100.0, date(2025, 9, 30), "administrator", 0.005)
    (limit,) = found.limits
    assert (limit.warning, limit.owner) == (0.2, "Head of risk")
    file.write_text(portfolio_text(found), encoding="utf-8")
    again = load_portfolio(file)
    assert (again.nav, replace(again.limits[0], location=limit.location)) == (found.nav, limit)
