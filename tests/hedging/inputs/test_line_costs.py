"""Costs of lines by hand: spreads in basis points and vol points, volumes, impact, fees, premium."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from tests.fixtures.unit_values import unit_values
from tests.hedging.tiny_books import HEAD, POSITIONS, inputs, line, protected, ruled

from stresstest.catalog import instrument_type
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.inputs.lines import number_of_rolls
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.loading import build_portfolio
from stresstest.revaluation.engine import revalue
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock


def put_at(found: HedgeInputs, place: int, shift: str) -> float:
    """Return what a contract is worth with every vol of its surface shifted, as `run` has it."""
    spec = found.book.instruments[found.lines[place].legs[0].row].spec
    position = {"id": "p", "type": "european_option", "underlying": "SPY", "right": "put",
                "strike": spec.strike, "expiry": str(spec.expiry), "multiplier": spec.multiplier,
                "quantity": 1}  # fmt: skip
    document = {"version": 1, "name": "p", "currency": "USD", "positions": [position]}
    book = compile_book([build_portfolio(document)], found.book.market)
    shifted = Scenario("shifted", (Shock.of("implied_vol", shift, issuer="SPY"),), "1d")
    columns = compile_scenarios(ScenarioSet((shifted,)), book.market).columns
    return float(revalue(book, columns).value[0, 1])


def test_a_spread_in_basis_points_is_a_share_of_the_price() -> None:
    found = ruled()
    for name, held in (("nvda", True), ("ko", False), ("gld", False), ("bill", False)):
        assert found.costs.spread[line(found, name, held=held)] == pytest.approx(0.001, rel=1e-12)


def test_a_spread_in_vol_points_is_the_ask_less_the_mid() -> None:
    found = ruled()
    place = line(found, "spy-put", held=False)
    ask = put_at(found, place, "+1vol")
    assert found.costs.spread[place] * found.scale[place] == pytest.approx(
        ask - found.unit_value[place], rel=1e-9
    )
    bid_side = line(found, "calls", held=True)
    assert found.costs.spread[bid_side] > 0.0


def test_a_spread_in_basis_points_of_vol_is_of_normal_vols_alone() -> None:
    """A swaption that is held trades at the bid: its value with every normal vol of rates 2 bp lower."""
    terms = {"right": "payer", "currency": "USD", "strike": "3.7%"}
    days = {"expiry": date(2026, 3, 16), "maturity": date(2031, 3, 16)}
    position = {"id": "payer", "type": "swaption", **terms, "quantity": 1_000_000}
    held = [*POSITIONS, {**position, **{name: str(day) for name, day in days.items()}}]
    quoted = "    - {select: {type: swaption}, half_spread: 2bp of vol, class: judgement, reason: quoted}\n"
    found = inputs(head=HEAD.replace("  half_spread:\n", f"  half_spread:\n{quoted}"), positions=held)
    market, type_ = found.book.market, instrument_type("swaption")
    lower = {key: level - 2e-4 for key, level in market.levels.items() if key.kind == "normal_vol"}
    mid, bid = unit_values(type_, [type_.spec(**terms, **days)], market, [{}, lower])[0]
    place = line(found, "payer", held=True)
    assert bid < mid
    assert found.costs.spread[place] * found.scale[place] == pytest.approx(mid - bid, rel=1e-9)
    without, put = ruled(), line(found, "spy-put", held=False)
    usual = without.costs.spread[line(without, "spy-put", held=False)]
    assert found.costs.spread[put] == pytest.approx(usual, rel=1e-12)


def test_the_premium_is_the_ask_and_all_rolls_a_year() -> None:
    found = ruled()
    place = line(found, "spy-put", held=False)
    bought, candidate = found.lines[place], place - found.n_held
    ask = put_at(found, place, "+1vol")
    rolls = found.costs.roll_share[candidate] * found.scale[place]
    assert number_of_rolls(1.0, bought.half_life_years(found.book.market.as_of)) > 0
    assert rolls > 0.0
    assert found.costs.premium[candidate] * found.scale[place] == pytest.approx(ask + rolls, rel=1e-9)
    share = line(found, "ko", held=False) - found.n_held
    assert (found.costs.premium[share], found.costs.roll_share[share]) == (0.0, 0.0)


def test_volumes_are_the_markets_own_a_share_of_what_it_is_worth_or_stated() -> None:
    found = ruled()
    issuers, volume = found.book.market.issuers, found.costs.daily_volume
    msft = issuers["MSFT"].attributes
    if "adv_usd_mn" in msft:
        traded = 1e6 * float(msft["adv_usd_mn"])
    else:
        traded = 0.0035e9 * float(msft["market_cap_usd_bn"])
    assert volume[line(found, "msft", held=True)] == pytest.approx(traded / found.nav, rel=1e-12)
    assert volume[line(found, "bill", held=False)] == pytest.approx(50e9 / found.nav, rel=1e-12)


def test_options_trade_a_part_of_their_shares_volume() -> None:
    found = ruled()
    place = line(found, "nvda-put", held=False)
    shares = found.costs.daily_volume[line(found, "nvda", held=True)] * found.nav
    spot = found.book.market.levels[RiskFactorKey("spot", "NVDA")]
    contracts = 0.1 * shares / (100.0 * spot)
    assert found.costs.daily_volume[place] * found.nav / found.scale[place] == pytest.approx(
        contracts, rel=1e-9
    )


def test_impact_is_a_tenth_of_a_days_move_for_a_days_volume() -> None:
    """k·√x at x = the daily volume is 0.1 · daily vol of the price."""
    found = ruled()
    place = line(found, "msft", held=True)
    stated = found.book.market.issuers["MSFT"].attributes["realised_vol_2y"]
    daily = float(stated.rstrip("%")) / 100.0 / math.sqrt(252.0)
    day = found.costs.daily_volume[place]
    assert found.costs.impact[place] * math.sqrt(day) == pytest.approx(0.1 * daily, rel=1e-12)
    assert found.costs.impact[line(found, "bill", held=False)] == 0.0


def test_a_fee_is_paid_for_each_contract_and_again_at_each_roll() -> None:
    lots = "  lots: {equity: 100, fund: 100, zero_bond: 10_000, european_option: 1}\n"
    fee = "  fee_per_contract: {amount: 0.65, class: judgement, reason: listed}\n"
    charged, free = inputs(head=HEAD.replace(lots, fee + lots)), ruled()
    place = line(free, "spy-put", held=False)
    assert charged.costs.fee[place] * charged.scale[place] == pytest.approx(0.65, rel=1e-12)
    assert free.costs.fee[place] == 0.0
    assert charged.costs.fee[line(free, "nvda", held=True)] == 0.0
    rolls = number_of_rolls(1.0, free.lines[place].half_life_years(free.book.market.as_of))
    more = charged.costs.roll_share[place - free.n_held] - free.costs.roll_share[place - free.n_held]
    assert more * free.scale[place] == pytest.approx(rolls * 2.0 * 0.65, rel=1e-9)


def protection_at(found: HedgeInputs, shift: float) -> float:
    """Return what protection on one unit of notional is worth with the index's spread shifted."""
    type_ = instrument_type("cds_index")
    terms = {"index": "CDX.NA.HY", "series": 45, "coupon": "500bp", "recovery": "30%"}
    spec, market = type_.spec(**terms, maturity=date(2030, 12, 20)), found.book.market
    key = RiskFactorKey("credit_spread", "CDX.NA.HY")
    return float(unit_values(type_, [spec], market, [{key: market.levels[key] + shift}])[0][0])


def test_a_half_spread_of_a_swap_is_its_value_at_the_ask_of_the_spread() -> None:
    found = protected()
    place = line(found, "cdx", held=False)
    mid, ask = protection_at(found, 0.0), protection_at(found, 2e-4)
    assert mid < 0.0 < ask - mid
    assert (found.unit_value[place], found.scale[place]) == (pytest.approx(mid, rel=1e-12), 1.0)
    assert found.costs.spread[place] == pytest.approx(ask - mid, rel=1e-9)
    assert 2e-4 * 4.0 < ask - mid < 2e-4 * 5.2  # a risky annuity of a term of 5.2 years


def test_a_swap_counts_by_its_notional_and_ties_up_what_it_owes_and_its_margin() -> None:
    found = protected()
    place = line(found, "cdx", held=False)
    assert found.value_per_scale[place] == found.unit_value[place]
    assert found.costs.size[place] == 1.0
    assert found.costs.daily_volume[place] == pytest.approx(2e9 / found.nav, rel=1e-12)
    set_aside = found.costs.set_aside[place - found.n_held]
    assert set_aside == pytest.approx(0.04 - found.unit_value[place], rel=1e-12)
    assert found.costs.impact[place] == 0.0
    assert np.count_nonzero(found.costs.set_aside) == 1


def test_a_swap_costs_its_premium_less_what_its_value_comes_back_by() -> None:
    """A year's coupon less what its value gains: the spread that it is quoted at, and on what the buyer was
    paid at first the interest and the hazard rate, for he keeps less of it the longer nothing defaults.
    """
    found = protected()
    place = line(found, "cdx", held=False)
    kept = found.costs.roll_share[place - found.n_held]
    assert kept == pytest.approx(found.unit_value[place] - found.risk.later[place], rel=1e-12)
    spread, rate = 0.0322 * 365.0 / 360.0, found.risk.cash_carry
    growth = rate + spread / (1.0 - 0.3)
    assert kept == pytest.approx(spread - growth * found.unit_value[place], rel=0.02)
    premium = found.costs.premium[place - found.n_held]
    assert premium == pytest.approx(kept + found.costs.spread[place], rel=1e-12)


def test_what_no_line_matches_trades_at_the_mid() -> None:
    spread = "    - {half_spread: 10bp, class: judgement, reason: as quoted}\n"
    assert spread in HEAD
    found = inputs(head=HEAD.replace(spread, ""))
    assert found.costs.spread[line(found, "nvda", held=True)] == 0.0
    assert found.costs.spread[line(found, "spy-put", held=False)] > 0.0


def test_forwards_count_for_what_they_are_on_and_swaps_for_their_notional() -> None:
    """Near zero in value, they would be free to deal in by any measure of turnover."""
    positions = [
        {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 4_000},
        {"id": "fwd", "type": "equity_forward", "underlying": "NVDA", "delivery": "2026-01-16", "price": 188,
         "quantity": -1_000},
        {"id": "gold", "type": "commodity_future", "commodity": "XAU", "expiry": "2026-02-25",
         "multiplier": 100, "quantity": 1},
        {"id": "swap", "type": "ois", "side": "pay_fixed", "currency": "USD", "fixed_rate": "3.7%",
         "start": "2025-09-15", "maturity": "2030-09-15", "quantity": 1_000_000},
    ]  # fmt: skip
    found = inputs(positions=positions)
    dealt = found.costs.size * found.scale
    shares = line(found, "nvda", held=True)
    assert dealt[shares] == pytest.approx(found.unit_value[shares])
    assert dealt[line(found, "fwd", held=True)] == pytest.approx(found.unit_value[shares], rel=0.02)
    assert dealt[line(found, "swap", held=True)] == pytest.approx(1.0)
    gold = line(found, "gold", held=True)
    assert dealt[gold] > 10.0 * abs(found.unit_value[gold])
