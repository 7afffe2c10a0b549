import numpy as np
import pytest
from tests.hedging.tiny_books import line, ruled

from stresstest.arrays import frozen
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import TradeRows

RULES = (
    "name: gold, max_weight: 10%, select: {asset_class: gold}",
    "name: turnover, max_turnover: 30%",
    "name: premium, max_premium: 0%",
)


def limits_and_rows() -> tuple[TradeLimits, TradeRows]:
    program = HedgeProgram(ruled(*RULES))
    rows = TradeRows.of(program.terms, program.rules, program.amounts())
    return TradeLimits.of(rows.inputs, np.zeros(rows.inputs.n_lines, np.bool_)), rows


def test_no_more_is_sold_than_held_and_nothing_caps_purchases() -> None:
    limits, rows = limits_and_rows()
    held = rows.inputs.n_held
    assert limits.most[:held] == pytest.approx(np.abs(rows.inputs.held_shares[:held]))
    assert np.isinf(limits.most[held:]).all()
    assert not limits.is_empty


def test_rules_imply_caps() -> None:
    limits, rows = limits_and_rows()
    implied = limits.implied_by(rows)
    assert implied.most[line(rows.inputs, "gld", held=False)] == pytest.approx(0.1, rel=1e-6)
    assert implied.most[line(rows.inputs, "ko", held=False)] == pytest.approx(0.3, rel=1e-6)
    assert implied.most[line(rows.inputs, "spy-put", held=False)] == pytest.approx(0.0, abs=1e-9)
    assert np.isfinite(implied.most).all()


def test_implied_caps_cut_off_no_trades_that_keep_to_the_rules() -> None:
    limits, rows = limits_and_rows()
    implied, draw = limits.implied_by(rows), np.random.default_rng(11)
    box = np.minimum(limits.most, 0.4)
    kept = 0
    for _ in range(300):
        trades = box * draw.uniform(0.0, 1.0, len(box)) * (draw.uniform(size=len(box)) < 0.3)
        if rows.breach(trades) <= 0.0:
            kept += 1
            assert (trades <= implied.most + 1e-9).all()
    assert kept > 10


def test_a_position_that_must_go_and_cannot_be_sold_leaves_nothing() -> None:
    limits = TradeLimits(frozen([0.1, 0.0]), frozen([0.0, 1.0]))
    assert limits.is_empty
    forbidden = np.zeros(ruled(*RULES).n_lines, np.bool_)
    forbidden[0] = True
    must = TradeLimits.of(ruled(*RULES), forbidden)
    assert must.least[0] == must.most[0] > 0.0
