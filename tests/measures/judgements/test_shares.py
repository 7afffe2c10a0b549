from __future__ import annotations

import pytest
from tests.measures.judgements.books import MIXED, book_of, mixed

from stresstest.api import compile_portfolios, load_market, load_portfolio, load_scenarios, stress
from stresstest.measures.judgements.shares import LAYERS, judged_shares, layered

ACME, BOLT, EURO = 10.0 * 120.0, 20.0 * 45.0, 5.0 * 80.0 * 1.1747


def test_the_classes_of_a_scenario_made_by_hand_are_its_lines() -> None:
    """Shares only, so each line is its own part: 20 % of ACME documented, 10 % of BOLT computed, 25 % of EURO
    judged."""
    share, other = judged_shares(book_of(), [mixed()], [1.0])
    assert share.by_layer["documented"] == pytest.approx(-0.2 * ACME, rel=1e-12)
    assert share.by_layer["computed"] == pytest.approx(-0.1 * BOLT, rel=1e-12)
    assert share.by_layer["judgement"] == pytest.approx(-0.25 * EURO, rel=1e-12)
    assert [share.by_layer[name] for name in ("time", "unverified", "network")] == [0.0, 0.0, 0.0]
    loss = 0.2 * ACME + 0.1 * BOLT + 0.25 * EURO
    assert share.share == pytest.approx(0.25 * EURO / loss, rel=1e-12)
    assert (other.portfolio, other.share) == ("other", 0.0)


def test_half_a_loss_documented_is_half_judged() -> None:
    text = MIXED.replace("shift: -10%, basis: {class: computed}", "shift: -30%, basis: {class: unverified}")
    share, _ = judged_shares(book_of(), [mixed(text)], [1.0])
    assert share.judged == pytest.approx(-0.3 * BOLT - 0.25 * EURO, rel=1e-12)


def test_what_a_judged_line_does_together_with_a_documented_one_counts_to_judgement() -> None:
    """Compounded, +10 % documented and -50 % judged are -45 %: +10 % first, the rest by judgement."""
    text = MIXED.split("shocks:")[0].replace("drivers:", "combine: compound\ndrivers:").split("drivers:")[0]
    text += """shocks:
  - {select: {issuer: ACME}, factor: spot, shift: +10%, basis: {class: documented}}
  - {select: {issuer: ACME}, factor: spot, shift: -50%, basis: {class: judgement}}
"""
    share, _ = judged_shares(book_of(), [mixed(text)], [1.0])
    assert share.by_layer["documented"] == pytest.approx(0.1 * ACME, rel=1e-12)
    assert share.by_layer["judgement"] == pytest.approx(-0.55 * ACME, rel=1e-12)
    assert share.share == pytest.approx(0.55 / 0.45, rel=1e-12)


def test_a_gain_has_no_share_and_nothing_moves_at_severity_0() -> None:
    gain, _ = judged_shares(
        book_of(), [mixed(MIXED.replace("shift: -", "shift: +").replace("-0.5%", "+0.5%"))], [1.0]
    )
    assert (gain.pnl > 0.0, gain.share) == (True, None)
    still, _ = judged_shares(book_of(), [mixed()], [0.0])
    assert (still.pnl, set(still.by_layer.values())) == (0.0, {0.0})


@pytest.mark.parametrize("name", ["openai_funding_stop", "recovery_path", "dotcom_replay_vendors"])
def test_the_parts_add_up_to_the_pnl_of_the_run(name: str) -> None:
    market, scenarios = load_market(), load_scenarios(name)
    held = load_portfolio("gpu_lender")
    run = stress(held, scenarios, market, severity=0.8)
    (share,) = run.assessment().shares
    pnl = float(run.pnl.loc["gpu_lender", name])
    assert share.pnl == pytest.approx(pnl, rel=1e-12)
    assert sum(share.by_layer.values()) == pytest.approx(pnl, rel=1e-9)
    book = compile_portfolios(held, market, scenarios)
    assert judged_shares(book, list(scenarios), [0.8])[0].by_layer == share.by_layer


def test_the_last_step_is_the_scenario_itself_and_the_first_has_no_line() -> None:
    (scenario,) = load_scenarios("dotcom_replay_vendors")
    steps = layered(scenario)
    assert len(steps) == len(LAYERS)
    assert steps[-1] is scenario
    assert steps[0].lines == ()
    assert {line.shock.basis.basis_class for line in steps[1].lines if line.shock.basis} == {"documented"}
    assert [step.network is None for step in steps] == [True] * 5 + [False]
