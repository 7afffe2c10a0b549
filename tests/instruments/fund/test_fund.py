"""One unit is one share at its price."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError
from tests.fixtures.option_market import SPOT, option_market
from tests.fixtures.unit_values import unit_values

from stresstest.errors import InputError
from stresstest.instruments.fund import INSTRUMENT_TYPE
from stresstest.instruments.fund.spec import FundSpec
from stresstest.market.snapshot import MarketSnapshot

SPEC = FundSpec(issuer="ACME")


def market(kind: str = "fund") -> MarketSnapshot:
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
        INSTRUMENT_TYPE.requirements(FundSpec(issuer="ACNE"), market())
    assert [problem.code for problem in caught.value.problems] == ["ST355"]


def test_the_other_type_is_named_where_it_is_meant() -> None:
    with pytest.raises(InputError, match="did you mean 'equity'") as caught:
        INSTRUMENT_TYPE.requirements(SPEC, market("equity"))
    assert [problem.code for problem in caught.value.problems] == ["ST356"]


def test_a_missing_price_is_named() -> None:
    with pytest.raises(InputError, match="spot/ACME"):
        INSTRUMENT_TYPE.requirements(SPEC, replace(market(), levels={}))


@pytest.mark.parametrize("terms", [{}, {"issuer": ""}, {"issuer": "ACME", "strike": 1.0}])
def test_refused_terms(terms: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FundSpec(**terms)
