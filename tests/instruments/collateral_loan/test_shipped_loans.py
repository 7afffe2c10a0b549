"""CoreWeave's DDTL 2.0 in the shipped scenarios: what lenders recover, and that noteholders fare worse."""

from __future__ import annotations

from functools import cache

import stresstest as st

NAMES = ("gpu_collateral_spiral", "openai_funding_stop", "time_bomb", "boom_continues")


@cache
def worth() -> dict[str, tuple[float, list[float], float]]:
    """Base value, value in each scenario and quantity of each position."""
    portfolio = st.load_portfolio("gpu_lender")
    result = st.stress(portfolio, st.load_scenarios(*NAMES)).result.portfolios[0]
    quantity = portfolio.positions.quantity.tolist()
    rows = zip(portfolio.positions.ids, result.position_value.tolist(), quantity, strict=True)
    return {name: (values[0], values[-len(NAMES) :], held) for name, values, held in rows}


def cents(*names: str) -> list[float]:
    """Value of 100 of face in each scenario."""
    face = sum(worth()[name][2] for name in names)
    return [100.0 * sum(column) / face for column in zip(*(worth()[name][1] for name in names), strict=True)]


def test_lenders_recover_sixty_to_eighty_five_where_coreweave_fails() -> None:
    *_, time_bomb, boom = cents("ddtl2-investment-grade", "ddtl2-other")
    assert 60.0 < time_bomb < 85.0
    assert boom > 100.0


def test_noteholders_recover_twenty_to_forty_five() -> None:
    assert 20.0 < cents("crwv-2030")[2] < 45.0


def test_lenders_lose_less_than_noteholders_in_the_spiral() -> None:
    lent, *_ = cents("ddtl2-investment-grade", "ddtl2-other")
    notes, *_ = cents("crwv-2030")
    assert 80.0 < lent < 97.0
    assert notes < 60.0


def test_the_customer_matters_more_than_the_sponsor_where_it_stops_paying() -> None:
    strong, weak = cents("ddtl2-investment-grade")[1], cents("ddtl2-other")[1]
    assert weak < strong - 10.0
