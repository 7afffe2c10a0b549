"""Columns of options: pillars and weights, flat vols, frozen arrays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fixtures.option_market import EUROPEAN, SURFACE, TODAY, flat_market, option, option_market
from tests.fixtures.unit_values import columns_of

from stresstest.errors import InputError
from stresstest.market.vol_pillars import has_no_skew, pillar_pair

SMILE = option_market().smiles["ACME"]


def test_between_pillars_the_weights_share_out_the_time() -> None:
    near, far = pillar_pair(SMILE, 0.5)
    share = (0.5 - 0.25) / (1.0 - 0.25)
    assert (near.tenor, far.tenor) == ("3M", "1Y")
    assert near.weight_years == pytest.approx((1 - share) * 0.25, rel=1e-15)
    assert far.weight_years == pytest.approx(share * 1.0, rel=1e-15)
    assert near.weight_years + far.weight_years == pytest.approx(0.5, rel=1e-15)
    assert (near.years, far.years) == (0.25, 1.0)


@pytest.mark.parametrize(("years", "tenor"), [(0.01, "1M"), (0.25, "3M"), (1.0, "1Y"), (4.0, "1Y")])
def test_on_a_pillar_and_outside_one_counts_alone(years: float, tenor: str) -> None:
    near, far = pillar_pair(SMILE, years)
    assert near.tenor == far.tenor == tenor
    assert (near.years, near.weight_years, far.weight_years) == (years, years, 0.0)


def test_moneyness_matters_unless_clamped_to_the_forward() -> None:
    assert not has_no_skew(SMILE)
    assert has_no_skew(flat_market().smiles["ACME"])


def test_flat_needs_one_pillar_without_skew() -> None:
    specs = [option(days=40), option(days=900)]
    term_structure = option_market(bounds=(0.0, 0.0))
    flags = [
        columns_of(EUROPEAN, specs, m)[0].vanilla.smile.is_flat.tolist()
        for m in (option_market(), term_structure)
    ]
    assert flags == [[0, 0], [0, 1]]
    assert columns_of(EUROPEAN, specs, flat_market())[0].vanilla.smile.is_flat.tolist() == [1, 1]


def test_terms_become_numbers() -> None:
    columns, _ = columns_of(EUROPEAN, [option("put", 150.0, 365, multiplier=100)], option_market())
    contract = columns.vanilla.contract
    assert (contract.sign[0], contract.strike[0], contract.multiplier[0]) == (-1.0, 150.0, 100.0)
    assert contract.sqrt_years[0] == 1.0
    assert contract.log_strike[0] == pytest.approx(5.0106352940962555, rel=1e-16)


def test_a_surface_sticky_in_strike_reads_a_constant_row() -> None:
    moving, _ = columns_of(EUROPEAN, [option()], option_market())
    fixed, rows = columns_of(EUROPEAN, [option()], option_market(stickiness="strike"))
    assert moving.vanilla.smile.log_forward_row[0] == moving.vanilla.contract.log_forward_row[0]
    assert fixed.vanilla.smile.log_forward_row[0] != fixed.vanilla.contract.log_forward_row[0]
    assert fixed.vanilla.smile.log_forward_row[0] in rows.derived_plan().constants.target_rows


def test_options_of_one_expiry_share_their_rows() -> None:
    _, rows = columns_of(EUROPEAN, [option(strike=100.0 + k) for k in range(50)], option_market())
    # log spot, log discount, discount, carried spot, log forward
    assert rows.n_derived == 5


def test_an_option_expired_at_a_later_valuation_is_refused() -> None:
    market = option_market()
    with pytest.raises(InputError, match="that ended on"):
        columns_of(EUROPEAN, [option(days=30)], replace(market, as_of=TODAY + timedelta(days=31)))
    assert len(SURFACE) == 3
