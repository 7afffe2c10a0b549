"""One unit is one share at its price."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from pydantic import ValidationError
from tests.fixtures.forward_market import along_path, forward_market
from tests.fixtures.option_market import SPOT, option_market
from tests.fixtures.refusals import codes, names
from tests.fixtures.unit_values import unit_values

from stresstest.errors import InputError
from stresstest.instruments.equity import INSTRUMENT_TYPE
from stresstest.instruments.equity.spec import EquitySpec
from stresstest.market.snapshot import MarketSnapshot

SPEC = EquitySpec(issuer="ACME")


def market(kind: str = "equity") -> MarketSnapshot:
    base = option_market()
    return replace(base, issuers={"ACME": replace(base.issuers["ACME"], kind=kind)})


def test_the_value_is_the_price_in_every_column() -> None:
    values = unit_values(INSTRUMENT_TYPE, [SPEC], market(), [{}, {SPOT: 75.0}, {SPOT: 1e-9}])
    assert values.tolist() == [[187.62, 75.0, 1e-9]]


def test_the_price_is_all_that_matters() -> None:
    found = INSTRUMENT_TYPE.requirements(SPEC, market())
    assert (found.currency, found.factors) == ("USD", (SPOT,))
    assert INSTRUMENT_TYPE.stated_kind == "spot"


def test_an_unknown_issuer_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'ACME'") as caught:
        INSTRUMENT_TYPE.requirements(EquitySpec(issuer="ACNE"), market())
    assert [problem.code for problem in caught.value.problems] == ["ST355"]


def test_the_other_type_is_named_where_it_is_meant() -> None:
    with pytest.raises(InputError, match="did you mean 'fund'") as caught:
        INSTRUMENT_TYPE.requirements(SPEC, market("fund"))
    assert [problem.code for problem in caught.value.problems] == ["ST356"]


def test_a_missing_price_is_named() -> None:
    with pytest.raises(InputError, match="spot/ACME"):
        INSTRUMENT_TYPE.requirements(SPEC, replace(market(), levels={}))


@pytest.mark.parametrize("terms", [{}, {"issuer": ""}, {"issuer": "ACME", "strike": 1.0}])
def test_refused_terms(terms: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EquitySpec(**terms)


def test_a_borrowed_share_costs_its_fee_along_a_path() -> None:
    terms = {"issuer": "ACME", "borrowed": True}
    market = forward_market(borrow_fee__ACME=0.08)
    worth, cash = along_path("equity", terms, market, [(73, {"spot/ACME": 100.0}), (365, {})])
    first, second = 187.62 * (math.exp(0.08 * 0.2) - 1), 100.0 * (math.exp(0.08 * 0.8) - 1)
    assert cash == pytest.approx([0.0, first, first + second], rel=1e-14)
    assert worth == pytest.approx([187.62, 100.0 + first, 100.0 + first + second], rel=1e-14)
    assert along_path("equity", {"issuer": "ACME"}, market, [(73, {})])[1] == [0.0, 0.0]
    assert names("equity", terms, market) == ["spot/ACME"]
    assert codes("equity", terms, forward_market()) == ["ST357"]
