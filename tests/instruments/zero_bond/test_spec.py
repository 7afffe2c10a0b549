"""Terms that a user may write, and the schema that describes them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.instruments.zero_bond.market import bond

from stresstest.api import load_portfolio
from stresstest.cli.files.schemas import schema_text
from stresstest.instruments.zero_bond.spec import ZeroBondSpec

TERMS = {"issuer": "UST", "maturity": date(2026, 4, 2)}


def test_issuer_and_maturity_are_enough() -> None:
    spec = ZeroBondSpec(**TERMS)
    assert (spec.currency, spec.curve) == (None, None)
    assert spec == bond("UST", "2026-04-02")


@pytest.mark.parametrize(
    "terms",
    [
        {"issuer": "UST"},
        {"maturity": date(2026, 4, 2)},
        {**TERMS, "coupon": 0.0},
        {**TERMS, "maturity": "02.04.2026"},
        {**TERMS, "currency": "usd"},
        {**TERMS, "curve": ""},
    ],
)
def test_other_terms_are_refused(terms: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ZeroBondSpec(**terms)


def test_the_schema_knows_the_type() -> None:
    schema = json.loads(schema_text("portfolio"))
    position = schema["$defs"]["ZeroBondPosition"]
    assert position["properties"]["type"]["const"] == "zero_bond"
    assert set(position["required"]) >= {"issuer", "maturity"}
    assert all("description" in field for field in position["properties"].values())


def test_a_table_of_positions_holds_it(tmp_path: Path) -> None:
    file = tmp_path / "bills.csv"
    file.write_text(
        "id,type,issuer,maturity,quantity\nbill,zero_bond,UST,2026-04-02,1000\n", encoding="utf-8"
    )
    (item,) = load_portfolio(file).instruments
    assert item.tag == "zero_bond"
    assert item.spec == ZeroBondSpec(**TERMS)
