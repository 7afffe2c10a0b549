"""Cash is worth itself in every column and depends on nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from pydantic import ValidationError
from tests.fixtures.books import instrument, portfolio
from tests.fixtures.forward_market import forward_market
from tests.fixtures.option_market import option_market
from tests.fixtures.path_books import path_columns
from tests.fixtures.refusals import codes
from tests.fixtures.unit_values import unit_values

from stresstest.instruments.cash import INSTRUMENT_TYPE
from stresstest.instruments.cash.spec import CashSpec
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue


def test_one_is_one_in_every_column() -> None:
    moves = [{}, {RiskFactorKey("spot", "ACME"): 1.0}, {}]
    specs = [CashSpec(currency="USD"), CashSpec(currency="EUR")]
    assert unit_values(INSTRUMENT_TYPE, specs, option_market(), moves).tolist() == [[1.0] * 3] * 2


def test_no_factor_and_the_own_currency() -> None:
    found = INSTRUMENT_TYPE.requirements(CashSpec(currency="EUR"), option_market())
    assert (found.currency, found.factors) == ("EUR", ())
    assert INSTRUMENT_TYPE.issuer_field is None


@pytest.mark.parametrize("terms", [{}, {"currency": "usd"}, {"currency": "USD", "issuer": "ACME"}])
def test_refused_terms(terms: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        CashSpec(**terms)


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_cash_of_every_currency_earns_and_borrowed_cash_costs_a_spread(currency: str) -> None:
    """A fifth of a year and a year later, at flat rates."""
    rates = {f"zero_rate__{currency}__{tenor}": 0.04 for tenor in ("1Y", "2Y")}
    market = forward_market(**{f"basis__MARGIN_{currency}": 0.015}, **rates)
    market = replace(market, discount_curves={"USD": "USD", "EUR": "EUR"})
    rows = [
        ("own", instrument("cash", currency=currency), 100.0),
        ("owed", instrument("cash", currency=currency, borrowed=True), -100.0),
    ]
    book = compile_book([portfolio(rows)], market)
    units = revalue(book, path_columns(market, [(73, {}), (365, {})]))
    by_terms = {item.spec.borrowed: row for row, item in enumerate(book.instruments)}
    assert units.cash is not None
    own, owed = units.value[by_terms[False], -1], units.value[by_terms[True], -1]
    assert own == pytest.approx(math.exp(0.04), rel=1e-14)
    first, second = math.exp(0.055 * 73 / 365) - 1, math.exp(0.055 * 292 / 365) - 1
    assert owed == pytest.approx(1.0 + first * math.exp(0.04 * 292 / 365) + second, rel=1e-14)


def test_borrowed_cash_needs_a_curve_and_a_spread() -> None:
    assert codes("cash", {"currency": "USD", "borrowed": True}, forward_market()) == ["ST357"]
    assert codes("cash", {"currency": "CHF", "borrowed": True}, forward_market()) == ["ST362", "ST357"]
