from __future__ import annotations

from datetime import date

import pytest
from tests.report.samples import stress, view

import stresstest as st
from stresstest.api.reporting import report_view_of
from stresstest.report.building.checks import plausibility_lines

(HELD,) = stress().result.portfolios
(BOOK,) = view().books


def test_breached_limits_come_first_and_those_not_checked_last() -> None:
    assert [(line.name, line.breached, line.loss is None) for line in BOOK.limits] == [
        ("worst", True, False),
        ("mild", False, False),
        ("elsewhere", False, True),
    ]
    worst = BOOK.limits[0]
    assert worst.loss == pytest.approx(-(BOOK.losses.lines[0].percent or 0.0) / 100.0)
    assert worst.worst_scenario == "fall"


def test_what_no_scenario_reaches_is_named_with_its_share() -> None:
    found = BOOK.coverage
    assert found is not None
    assert found.never == ("cash",)
    assert found.never_share == pytest.approx(20_000.0 / HELD.gross_value, rel=1e-12)
    assert found.gap < 1e-12


def test_a_stated_value_names_its_proxy_and_its_date() -> None:
    assert BOOK.coverage is not None
    (line,) = BOOK.coverage.proxied
    assert (line.position, line.proxy, line.stated_date) == ("quiet", "SPY", date(2025, 6, 30))
    assert (line.stated_value, line.roll, line.age_days) == (10_000.0, 0.1, 95)
    assert line.share == pytest.approx(11_000.0 / HELD.gross_value, rel=1e-9)


def test_kinds_of_risk_say_how_many_scenarios_move_them() -> None:
    assert BOOK.coverage is not None
    risks = {line.kind: line for line in BOOK.coverage.risks}
    assert (risks["spot"].moved_in, risks["spot"].positions) == (4, 6)
    assert (risks["fx_spot"].moved_in, risks["fx_spot"].positions) == (1, 1)
    assert risks["implied_vol"].moved_in == 0


@pytest.fixture(scope="module")
def shipped() -> st.Stress:
    found = st.build_portfolio(
        {
            "version": 1,
            "name": "one",
            "currency": "USD",
            "positions": [{"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 1}],
        }
    )
    return st.stress(found, st.load_scenarios("deepseek_cost_shock"), st.load_market("2025-10-03"))


def test_history_beside_a_scenario_is_that_of_its_card(shipped: st.Stress) -> None:
    (card,) = shipped.plausibility()
    (line,) = plausibility_lines([card])
    assert line.scenario == "deepseek_cost_shock"
    assert [name for name, _, _ in line.distances] == [found.regime for found in card.distances]
    assert line.distances[0][1] == card.distances[0].systematic_distance
    assert line.against == len(card.contradictions) > 0
    assert line.largest.startswith(f"{card.shocks[0].factor} \N{MINUS SIGN}")


def test_the_report_says_when_the_market_knows_no_history(shipped: st.Stress) -> None:
    assert any("factor model" in text for text in view().missing)
    assert report_view_of(shipped).missing == ()
