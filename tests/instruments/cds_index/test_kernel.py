"""Credit default swaps on an index: a single-name swap with the names exchanged, times what is left of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import ValidationError
from tests.fixtures.unit_values import unit_values
from tests.instruments.cds.market import key, market, swap
from tests.instruments.cds.market import values as single_name_values

from stresstest.errors import InputError
from stresstest.instruments.cds_index import INSTRUMENT_TYPE
from stresstest.instruments.cds_index.price import override
from stresstest.instruments.cds_index.spec import CdsIndexSpec
from stresstest.instruments.cds_index.terms import requirements
from stresstest.io.cells import spec_from_cells
from stresstest.market.credit_swaps import accrued_fraction

INDEX = {"index": "CDX.NA.HY", "series": "45", "maturity": "2030-12-20", "coupon": "500bp"}
SPREAD = "credit_spread/CDX.NA.HY"
MARKET = market()


def index_swap(**terms: str) -> CdsIndexSpec:
    spec = spec_from_cells(CdsIndexSpec, INDEX | terms)
    assert spec is not None
    return spec


def values(specs: list[CdsIndexSpec], *moves: Mapping[str, float]):
    columns = [{key(text): level for text, level in move.items()} for move in moves or ({},)]
    return unit_values(INSTRUMENT_TYPE, specs, MARKET, columns)


def test_it_is_a_single_name_swap_with_the_names_exchanged() -> None:
    spreads = (0.0, 0.02, 0.0315, 0.25, 4.0)
    found = values([index_swap(recovery="30%")], *({SPREAD: spread} for spread in spreads))
    twin = swap("CRWV", coupon="500bp", recovery="30%")
    expected = single_name_values([twin], *({"credit_spread/CRWV": spread} for spread in spreads))
    assert found.tobytes() == expected.tobytes()


def test_a_default_of_a_member_leaves_a_part_of_the_notional() -> None:
    whole, left = values([index_swap(), index_swap(index_factor="0.99")])[:, 0]
    assert left == 0.99 * whole


@pytest.mark.parametrize("price", [112.0, 107.4, 100.0, 95.5, 60.0])
def test_a_price_is_a_hundred_less_the_points_that_a_buyer_pays(price: float) -> None:
    stated = index_swap(price=f"{price:g}", recovery="30%")
    found = override(stated, "CDX.NA.HY#held", MARKET, MARKET.as_of)
    assert found is not None
    ((name, basis),) = found.levels.items()
    assert name == key("basis/CDX.NA.HY#held")
    (dirty,) = values([index_swap(recovery="30%")], {SPREAD: 0.0315 + basis})[0]
    settlement = 2.718281828459045 ** (-5 / 365 * 0.0416)
    clean = dirty / settlement + 0.05 * accrued_fraction(MARKET.as_of, stated.maturity)
    assert 100.0 - 100.0 * clean == pytest.approx(price, abs=1e-10)


def test_a_price_that_no_spread_gives_is_refused() -> None:
    stated = index_swap(price="20")
    with pytest.raises(InputError) as caught:
        override(stated, "CDX.NA.HY#held", MARKET, MARKET.as_of)
    assert caught.value.problems[0].format() == (
        "error[ST390] price 20 of the swap on CDX.NA.HY that ends on 2030-12-20; "
        "expected a price that some spread gives"
    )


def test_only_an_index_has_a_swap_on_an_index() -> None:
    with pytest.raises(InputError, match="ST356"):
        requirements(index_swap(index="CRWV"), MARKET)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"maturity": "2030-12-21"}, "not the 20th of March, June, September or December"),
        ({"price": "107", "basis": "5bp"}, "price and basis are both given"),
        ({"index_factor": "1.2"}, "less than or equal to 1"),
        ({"series": "0"}, "greater than or equal to 1"),
    ],
)
def test_other_terms_are_refused(terms: dict[str, str], message: str) -> None:
    cells = {**INDEX, "series": 45, **terms}
    typed = {name: float(cell) if name in {"price", "index_factor"} else cell for name, cell in cells.items()}
    typed["series"] = int(cells["series"])
    with pytest.raises(ValidationError, match=message):
        CdsIndexSpec.model_validate(typed)
