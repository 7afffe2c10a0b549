"""Curves of market files: par yields, zero rates, a basis, and the discount curve of a currency."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.market.market_folders import market_folder, problems_of, small_market

from stresstest.market.curves import zero_rate, zero_rates_from_par_yields
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market


def rates(name: str) -> list[float]:
    market = small_market()
    nodes = market.curves[name].keys()
    return [market.levels[key] for key in nodes]


def test_par_yields_are_bootstrapped_at_their_tenors() -> None:
    curve = small_market().curves["USD"]
    assert curve.tenors == ("6M", "1Y", "2Y", "5Y")
    assert curve.years.tolist() == [0.5, 1.0, 2.0, 5.0]
    assert rates("USD") == zero_rates_from_par_yields(curve.years, [0.042, 0.041, 0.040, 0.0415], 2).tolist()


def test_zero_rates_are_taken_as_written() -> None:
    assert rates("EUR") == [0.021, 0.027]


def test_a_basis_is_added_to_the_other_curve_s_rates() -> None:
    market = small_market()
    years = market.curves["USD"].years
    below = [zero_rate(years, rates("USD"), time) for time in (1.0, 3.0)]
    assert rates("USD_SOFR") == [below[0] - 0.0010, below[1] - 0.0020]
    assert market.curves["USD_SOFR"].currency == "USD"


def test_bases_may_be_stacked_in_any_order(tmp_path: Path) -> None:
    stacked = "  USD_TERM:\n    currency: USD\n    basis_to: USD_SOFR\n    basis: {1Y: 5bp}\n"
    evidence = "    date: 2025-03-31\n    class: judgement\n    note: made up\n"
    folder = market_folder(tmp_path, ("market.yaml", "curves:\n", f"curves:\n{stacked}{evidence}"))
    levels = load_market(folder).levels
    sofr = levels[RiskFactorKey("zero_rate", "USD_SOFR", "1Y")]
    assert levels[RiskFactorKey("zero_rate", "USD_TERM", "1Y")] == sofr + 0.0005


def test_what_is_bootstrapped_from_documented_yields_is_computed() -> None:
    evidence = small_market().provenance
    par = evidence[RiskFactorKey("zero_rate", "USD", "1Y")]
    assert (par.basis_class, par.source, par.note) == ("computed", "made_up", "bootstrapped from par yields")
    basis = evidence[RiskFactorKey("zero_rate", "USD_SOFR", "1Y")]
    assert basis.basis_class == "judgement"
    assert basis.note == "zero rates of USD plus a basis; swaps lie below government bonds"
    assert evidence[RiskFactorKey("zero_rate", "EUR", "1Y")].basis_class == "documented"


def test_the_only_curve_of_a_currency_discounts_it() -> None:
    assert small_market().discount_curves["EUR"] == "EUR"


def test_a_curve_may_say_that_it_discounts_nothing(tmp_path: Path) -> None:
    edit = ("market.yaml", "    currency: EUR\n", "    currency: EUR\n    discount: false\n")
    market = load_market(market_folder(tmp_path, edit))
    assert "EUR" in market.curves
    assert set(market.discount_curves) == {"USD"}


def test_two_discount_curves_are_refused(tmp_path: Path) -> None:
    folder = market_folder(tmp_path, ("market.yaml", "basis_to: USD", "discount: true\n    basis_to: USD"))
    (problem,) = problems_of(folder)
    assert problem.code == "ST217"


def test_what_rests_on_a_bad_curve_is_not_told_twice(tmp_path: Path) -> None:
    folder = market_folder(tmp_path, ("market.yaml", "5Y: 4.15%", "5Y: 4.15"))
    assert [problem.code for problem in problems_of(folder)] == ["ST203"]


@pytest.mark.parametrize("tenor", ["7M", "10W"])
def test_a_tenor_that_no_coupon_fits_is_told(tmp_path: Path, tenor: str) -> None:
    folder = market_folder(tmp_path, ("market.yaml", "1Y: 4.10%", f"{tenor}: 4.10%"))
    codes = {problem.code for problem in problems_of(folder)}
    assert codes == ({"ST216"} if tenor == "7M" else set())
