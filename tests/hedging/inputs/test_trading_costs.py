import numpy as np
import pytest
from tests.hedging.tiny_books import line, ruled

from stresstest.arrays import frozen
from stresstest.hedging.inputs.trading_costs import LotTable, TradeCosts


def costs(rate: float = 0.2) -> TradeCosts:
    # Line 0: a lot at a loss of 10 %, then one at a gain of 50 %; line 1: one lot at a gain of 30 %.
    lots = LotTable(frozen([0.0, 0.0, 1.0]), frozen([0.1, 0.2, 0.4]), frozen([-0.1, 0.5, 0.3]))
    return TradeCosts(
        spread=frozen([0.001, 0.002, 0.003]), fee=frozen([0.0, 0.0, 0.01]), impact=frozen([0.1, 0.0, 0.2]),
        roll_share=frozen([0.05]), premium=frozen([1.0]), size=frozen([1.0, 1.0, 1.0]),
        set_aside=frozen([0.0]), daily_volume=frozen(np.full(3, np.inf)),
        lots=lots, tax_rate=rate,
    )  # fmt: skip


def test_costs_by_hand() -> None:
    found = costs().of(np.array([0.15, 0.1]), np.array([0.04]))
    assert found.spread == pytest.approx(0.001 * 0.15 + 0.002 * 0.1 + 0.003 * 0.04)
    assert found.impact == pytest.approx(0.1 * 0.15**1.5 + 0.2 * 0.04**1.5)
    assert found.tax == pytest.approx(0.2 * (-0.01 + 0.05 * 0.5 + 0.1 * 0.3))
    assert found.fees == pytest.approx(0.01 * 0.04)
    assert found.rolls == pytest.approx(0.05 * 0.04)
    assert found.trading == pytest.approx(found.spread + found.impact + found.tax + found.fees)


def test_losses_offset_gains_of_the_plan_and_earn_nothing_beyond() -> None:
    assert costs().of(np.array([0.1, 0.0]), np.zeros(1)).tax == 0.0
    alone = costs().of(np.array([0.0, 0.1]), np.zeros(1)).tax
    assert costs().of(np.array([0.1, 0.1]), np.zeros(1)).tax == pytest.approx(alone - 0.2 * 0.01)


def test_the_pieces_of_a_gain_are_its_tangents() -> None:
    found = costs()
    which, intercept, slope = found.pieces()
    for sold in np.linspace(0.0, 0.3, 13).tolist():
        pieces = [a + b * sold for place, a, b in zip(which, intercept, slope, strict=True) if place == 0.0]
        assert max(pieces) == pytest.approx(found.gain(0, sold), abs=1e-15)


def test_lots_of_highest_cost_are_sold_first() -> None:
    found = ruled()
    nvda = line(found, "nvda", held=True)
    spot = found.unit_value[nvda]
    sold = 1_500 * spot / found.nav
    expected = (1_000 * (spot - 200.0) + 500 * (spot - 50.0)) / found.nav
    assert found.costs.gain(nvda, sold) == pytest.approx(expected, rel=1e-12)


def test_impact_follows_the_square_root_law() -> None:
    found = ruled()
    place = line(found, "ko", held=False)
    issuer = found.book.market.issuers["KO"].attributes
    volume = (
        float(issuer["adv_usd_mn"]) * 1e6
        if "adv_usd_mn" in issuer
        else 0.0035e9 * float(issuer["market_cap_usd_bn"])
    )
    vol = float(issuer["realised_vol_2y"].rstrip("%")) / 100.0 / np.sqrt(252.0)
    value = 0.1 * found.nav
    trades = np.zeros(found.n_lines)
    trades[place] = 0.1
    impact = found.costs.of(trades[: found.n_held], trades[found.n_held :]).impact
    assert impact * found.nav == pytest.approx(0.1 * vol * np.sqrt(value / volume) * value, rel=1e-9)
