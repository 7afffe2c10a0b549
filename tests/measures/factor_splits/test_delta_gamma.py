"""Delta and gamma against closed forms: bilinear books, Black–Scholes, exponentials; switches and bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp

import mpmath as mp
import numpy as np
import pytest
from tests.fixtures.books import OPTION, columns, every_type, instrument, portfolio, small_market
from tests.fixtures.factor_books import LINES, run_of
from tests.oracle.european_option import black_scholes
from tests.scenarios.markets import key

from stresstest import api
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.factor_splits.delta_gamma import DeltaGamma, delta_gamma
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.model import Portfolio
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings


def of(book: Portfolio, market: MarketSnapshot, move: dict[str, float]) -> DeltaGamma:
    moves = columns(market, [move])
    compiled = compile_book([book], market)
    return delta_gamma(apply_holdings(compiled, revalue(compiled, moves)), moves, "factor")[0]


def test_a_book_of_products_is_explained_to_the_end() -> None:
    """A share in euros is worth spot times rate: its joint P&L is delta and one cross gamma."""
    book = portfolio([("euro", instrument("equity", issuer="EURO"), 100.0)])
    found = of(book, small_market(), {"spot/EURO": 40.0, "fx_spot/EURUSD": 1.0})
    assert dict(zip(found.groups, found.delta.tolist(), strict=True)) == {
        "spot/EURO": pytest.approx(-4_000.0 * 1.1747),
        "fx_spot/EURUSD": pytest.approx(-0.1747 * 8_000.0),
    }
    assert found.gamma == pytest.approx([0.0, 0.0], abs=1e-6)
    assert found.cross_gamma == pytest.approx(4_000.0 * 0.1747, abs=1e-6)
    assert found.interaction == pytest.approx(found.cross_gamma, abs=1e-6)
    assert found.unexplained == pytest.approx(0.0, abs=1e-6)


def test_an_option_has_the_greeks_of_black_and_scholes() -> None:
    market = small_market()
    flat = {name: 0.0 for name in market.levels if name.kind in ("vol_skew", "vol_curvature")}
    rates = {name: 0.03 for name in market.levels if name.kind == "zero_rate"}
    vols = {name: 0.3 for name in market.levels if name.kind == "implied_vol"}
    market = replace(market, levels={**market.levels, **flat, **rates, **vols})
    terms = {"strike": 110.0, "years": 259 / 365, "vol": 0.3, "rate": 0.03, "dividend_yield": 0.01}

    def price(spot: float) -> float:
        return float(black_scholes({**terms, "spot": spot}, -1))

    with mp.workdps(30):
        deviation = mp.mpf(0.3) * mp.sqrt(terms["years"])
        d1 = (mp.log(mp.mpf(120) / 110) + (mp.mpf(0.03) - 0.01) * terms["years"]) / deviation + deviation / 2
        carried = mp.exp(-0.01 * terms["years"])
        delta = float(-carried * mp.ncdf(-d1)) * 100.0
        gamma = float(carried * mp.npdf(d1) / (120 * deviation)) * 100.0
    book = portfolio([("put", instrument("european_option", **OPTION), 1.0)])
    found = of(book, market, {"spot/ACME": 70.0})
    assert found.delta[0] == pytest.approx(-50.0 * delta, rel=2e-5)
    assert found.gamma[0] == pytest.approx(0.5 * 50.0**2 * gamma, rel=2e-4)
    assert found.full[0] == pytest.approx(100.0 * (price(70.0) - price(120.0)), rel=1e-9)


def test_a_discount_bond_has_its_duration_and_convexity() -> None:
    market = small_market()
    book = portfolio([("zero", instrument("zero_bond", issuer="BOLT", maturity=date(2030, 10, 2)), 1_000.0)])
    found = of(book, market, {"credit_spread/BOLT": 0.145})
    years, base = 1825 / 365, float(apply_base(book, market))
    assert found.delta[0] == pytest.approx(-base * years * 0.1, rel=1e-8)
    assert found.gamma[0] == pytest.approx(0.5 * base * (years * 0.1) ** 2, rel=1e-6)
    assert found.full[0] == pytest.approx(base * (exp(-years * 0.1) - 1.0), rel=1e-9)
    assert found.unexplained == pytest.approx(found.full[0] - found.delta[0] - found.gamma[0], rel=1e-9)


def apply_base(book: Portfolio, market: MarketSnapshot) -> float:
    compiled = compile_book([book], market)
    return apply_holdings(compiled, revalue(compiled, columns(market, [{}]))).portfolios[0].base_value


def test_what_starts_at_its_bound_stays_within_it() -> None:
    market = small_market()
    market = replace(market, levels={**market.levels, key("dividend_yield/ACME"): 0.0})
    vols = {name: 0.0 for name in market.levels if name.kind == "implied_vol" and name.name == "ACME"}
    skews = {name: 0.0 for name in market.levels if name.kind in ("vol_skew", "vol_curvature")}
    market = replace(market, levels={**market.levels, **vols, **skews})
    call = instrument("european_option", **{**OPTION, "right": "call", "strike": 150.0})
    move = {f"implied_vol/ACME/{tenor}": 0.3 for tenor in ("3M", "1Y")}
    found = of(portfolio([("call", call, 1.0)]), market, move)
    assert np.isfinite(found.delta).all()
    assert found.total > 0.0
    assert found.estimate + found.unexplained == pytest.approx(found.total)


@pytest.mark.parametrize("timing", ["instant", "path"])
def test_columns_add_up_and_full_is_what_each_does_alone(timing: str) -> None:
    run = run_of(tuple(LINES), timing)
    splits = run.factor_splits("factor_group")
    for found, split in zip(run.delta_gammas("factor_group"), splits, strict=True):
        alone = dict(zip(split.parts, split.pnl.tolist(), strict=True))
        for group, full in zip(found.groups, found.full.tolist(), strict=True):
            assert full == pytest.approx(alone[group], abs=1e-9)
        assert found.interaction == pytest.approx(alone["interaction"], abs=1e-8)
        assert found.aged == pytest.approx(alone.get("aged", 0.0), abs=1e-9)
        parts = found.full.sum() + found.interaction + found.aged
        assert parts == pytest.approx(found.total, abs=1e-9)
        assert found.estimate + found.unexplained == pytest.approx(found.total, abs=1e-9)


def test_a_small_move_leaves_next_to_nothing() -> None:
    market = small_market()
    move = {str(name): level * 1.001 for name, level in market.levels.items() if name.name != "INDEX"}
    found = of(portfolio(every_type()), market, move)
    assert abs(found.unexplained) <= 1e-2 * abs(found.cross_gamma + found.gamma.sum())


def test_a_default_has_no_derivative() -> None:
    run = api.stress(api.load_portfolio("ai_growth_fund"), api.load_scenarios("time_bomb"))
    (found,) = run.delta_gammas("factor_kind")
    place = found.groups.index("default_state")
    assert (found.delta[place], found.gamma[place]) == (0.0, 0.0)
    assert found.full[place] < 0.0
