"""Contract terms: what is accepted, and what is refused with which words."""

from __future__ import annotations

from datetime import date

import pytest
from tests.instruments.fixed_bond.pricing import bond

from stresstest.errors import InputError
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.io.cells import spec_from_cells
from stresstest.io.field_docs import add_descriptions


def test_terms_are_read_from_text_cells_and_from_document_values() -> None:
    spec = bond(issue_date="2025-05-21", z_spread="350bp", calendar="us_federal_reserve")
    values = {
        "issuer": "CRWV",
        "coupon": "9.25%",
        "maturity": date(2030, 6, 1),
        "frequency": 2,
        "day_count": "30/360",
        "issue_date": date(2025, 5, 21),
        "z_spread": "3.5%",
        "calendar": "us_federal_reserve",
    }
    assert spec == FixedBondSpec.model_validate(values)
    assert (spec.coupon, spec.z_spread, spec.end_of_month) == (0.0925, pytest.approx(0.035), True)


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"coupon": "9.25"}, "ST157", "did you mean '9.25%'|with its sign"),
        ({"coupon": "-1%"}, "ST153", "at least 0"),
        ({"coupon": "925%"}, "ST153", "at most 1"),
        ({"maturity": "2030/06/01"}, "ST156", "2030-06-01"),
        ({"frequency": "5"}, "ST154", "one of 1, 2, 3, 4, 6, 12"),
        ({"day_count": "30-360"}, "ST154", "did you mean '30/360'"),
        ({"calendar": "targets"}, "ST154", "did you mean 'target'"),
        ({"z_spread": "350"}, "ST157", "a spread like 350bp or 3.5%"),
        ({"z_spread": "350bps"}, "ST157", "a spread like 350bp or 3.5%"),
        ({"clean_price": "0"}, "ST153", "at least 2"),
        ({"z_spread": "350bp", "clean_price": "99"}, "ST169", "z_spread and clean_price are both given"),
        ({"issue_date": "2030-06-01"}, "ST169", "not in order"),
        ({"first_coupon_date": "2026-06-01"}, "ST169", "without issue_date"),
        (
            {"issue_date": "2025-01-10", "first_coupon_date": "2026-06-02"},
            "ST169",
            "first coupon 2026-06-02 is no whole number of periods from 2030-06-01",
        ),
        ({"last_coupon_date": "2030-07-01"}, "ST169", "not in order"),
    ],
)
def test_bad_terms_are_refused(cells: dict[str, str], code: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        bond(**cells)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_all_problems_are_named_at_once() -> None:
    cells = {"issuer": "CRWV", "coupon": "9", "maturity": "soon", "frequency": "2", "day_count": "actual"}
    with pytest.raises(InputError) as caught:
        spec_from_cells(FixedBondSpec, cells)
    assert len(caught.value.problems) == 3


def test_every_field_is_documented() -> None:
    add_descriptions(FixedBondSpec)
    assert all(field.description for field in FixedBondSpec.model_fields.values())
