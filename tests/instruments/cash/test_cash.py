"""Cash is worth itself in every column and depends on nothing."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.fixtures.option_market import option_market
from tests.fixtures.unit_values import unit_values

from stresstest.instruments.cash import INSTRUMENT_TYPE
from stresstest.instruments.cash.spec import CashSpec
from stresstest.market.keys import RiskFactorKey


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
