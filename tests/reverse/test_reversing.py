from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.books import instrument, portfolio

import stresstest as st
from stresstest.io import resources
from stresstest.reverse.result import ReverseStress

MARKET = st.load_market()
SHIPPED = [name for name, _ in resources.names("portfolios")]


@pytest.mark.parametrize("name", SHIPPED)
def test_answers_of_shipped_portfolios_run_back_to_the_loss(name: str) -> None:
    held = st.load_portfolio(name)
    found = st.reverse_stress(held, 0.25, answers=2)
    if not found.found.reached:
        largest = found.found.largest
        assert largest is not None
        assert 0.0 < largest.loss < found.found.amount
        return
    run = st.stress(held, found.scenarios)
    for pnl in run.to_numpy()[0].tolist():
        assert -pnl / abs(found.found.base_value) == pytest.approx(0.25, abs=1e-6)


@pytest.fixture(scope="module")
def found() -> ReverseStress:
    return st.reverse_stress(st.load_portfolio("ai_growth_fund"), 0.25, answers=2).found


def test_positions_and_drivers_add_up(found: ReverseStress) -> None:
    for answer in found.answers:
        assert float(np.nansum(answer.pnl)) == pytest.approx(-answer.loss, rel=1e-9)
        assert sum(answer.shares.values()) == pytest.approx(1.0, abs=1e-12)
        costs = sum(move.cost for move in answer.moves)
        assert costs == pytest.approx(sum(answer.parts.values()), rel=1e-9)


def test_distances_are_those_of_the_plausibility_card(found: ReverseStress) -> None:
    for answer in found.answers:
        stressed = next(one for one in answer.card.distances if one.regime == "stressed")
        assert stressed.distance == pytest.approx(answer.distance, rel=1e-6)
        tail = 0.5 * math.erfc(answer.distance / math.sqrt(2.0))
        assert answer.tail_probability == pytest.approx(tail, rel=1e-9)


def test_what_a_position_adds_is_seen_when_it_is_gone() -> None:
    """Without a position the book needs a farther move, about as far as the first order says."""
    rows = [(name, instrument("equity", issuer=name), 100.0) for name in ("NVDA", "META", "KO", "PEP", "XOM")]
    whole = st.reverse_stress(portfolio(rows), 0.1, MARKET, answers=1).found
    rest = st.reverse_stress(portfolio(rows[:3] + rows[4:]), 0.1, MARKET, answers=1).found
    # The same loss in money, of a smaller base value.
    rest = st.reverse_stress(
        portfolio(rows[:3] + rows[4:]), whole.amount / rest.base_value, MARKET, answers=1
    ).found
    gained = rest.answers[0].distance - whole.answers[0].distance
    assert gained > 0.0
    assert gained == pytest.approx(whole.answers[0].relief(float(whole.answers[0].pnl[3])), rel=0.2)


def test_a_loss_beyond_the_book_is_said_to_be_out_of_reach() -> None:
    found = st.reverse_stress(portfolio([("nvda", instrument("equity", issuer="NVDA"), 100.0)]), 1.4, MARKET)
    assert not found.found.reached
    assert found.found.answers == ()
    largest = found.found.largest
    assert largest is not None
    assert 99.0 < found.found.percent(largest.loss) <= 100.0


def test_a_portfolio_with_the_longest_name_has_answers_that_can_be_loaded() -> None:
    held = replace(portfolio([("ko", instrument("equity", issuer="KO"), 100.0)]), name="a" * 64)
    (answer,) = st.reverse_stress(held, 0.1, MARKET, answers=1).found.answers
    assert len(answer.scenario.name) == 64
    assert answer.scenario.name.startswith("reverse_aaa")
    assert answer.scenario.name.endswith("_1_durable_moat_shares")
