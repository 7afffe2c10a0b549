from __future__ import annotations

from pathlib import Path

import pytest
from tests.measures.judgements.books import MIXED, book_of, mixed

from stresstest.api import load_portfolio, load_scenarios, stress
from stresstest.io.resources import library_path
from stresstest.measures.judgements.inputs import moved_inputs
from stresstest.scenarios.scenario import ScenarioSet
from stresstest.scenarios.settings import with_settings

EURO = 5.0 * 80.0 * 1.1747


def test_judged_numbers_alone_are_moved_each_by_its_size_in_change_space() -> None:
    (found,) = moved_inputs(book_of(), [mixed()], [1.0])
    assert [item.number.text for item in found.moved] == [
        "issuer EURO: spot -25% (cut 50%)",
        "currency USD: zero_rate +50bp",
        "cut 50%",
    ]
    line, rates, driver = found.moved
    assert [move.label for move in line.moves] == ["+10 % of its size", "-10 % of its size"]
    expected = [EURO * (0.75**scale - 0.75) for scale in (1.1, 0.9)]
    assert [move.change[0] for move in line.moves] == [pytest.approx(change, rel=1e-9) for change in expected]
    assert [move.change for move in rates.moves] == [(0.0, 0.0)] * 2
    # A tenth of the range of 70 points is 7 points of the driver, 3.5 of the shift.
    assert [move.label for move in driver.moves] == ["to 57%", "to 43%"]
    assert [move.change[0] for move in driver.moves] == [
        pytest.approx(change, rel=1e-9) for change in (-0.035 * EURO, 0.035 * EURO)
    ]
    assert [item.number.kind for item in found.top(0)] == ["driver", "line"]
    assert found.top(1) == ()


@pytest.mark.parametrize("size", [0.0, 1.0, -0.1, float("nan")])
def test_a_size_outside_0_to_1_is_refused(size: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        moved_inputs(book_of(), [mixed()], [1.0], size)


def test_what_has_no_size_or_no_possible_move_says_why() -> None:
    text = MIXED.replace("shift: +50bp", "shift: +0bp") + (
        "  - {select: {issuer: INDEX}, factor: implied_vol, shift: -29vol, basis: {class: judgement}}\n"
    )
    (found,) = moved_inputs(book_of(), [mixed(text)], [1.0], 0.5)
    reasons = {entry.text: reason for entry, reason in found.unmoved}
    assert reasons == {"currency USD: zero_rate +0bp": "it has no size to be moved by"}
    vol = next(item for item in found.moved if "implied_vol" in item.number.text)
    assert [move.label for move in vol.moves] == ["-50 % of its size"]


def test_shipped_numbers_move_what_edited_files_and_settings_move(tmp_path: Path) -> None:
    """Three of the inputs of a network scenario again by hand: a setting, a firm's cash, a driver."""
    name, held = "openai_funding_stop", load_portfolio("gpu_lender")
    scenarios = load_scenarios(name)
    run = stress(held, scenarios)
    pnl = float(run.pnl.iloc[0, 0])
    found = run.assessment()
    changes = {
        (item.number.text, move.label): move.change[0] for item in found.moved[0].moved for move in item.moves
    }

    def pnl_of(several: ScenarioSet) -> float:
        return float(stress(held, several).pnl.iloc[0, 0])

    driven = pnl_of(with_settings(scenarios, ["money_stopped=90%"]))
    assert changes["money_stopped 100%", "to 90%"] == pytest.approx(driven - pnl, rel=1e-9)

    text = (library_path("shocks") / f"{name}.yaml").read_text(encoding="utf-8")
    edited = tmp_path / "edited.yaml"
    edited.write_text(text.replace("backlog_multiple: 50%", "backlog_multiple: 55%"), encoding="utf-8")
    change = changes["funding_runway: backlog_multiple 50 %", "to backlog_multiple 55 %"]
    assert change == pytest.approx(pnl_of(load_scenarios(edited)) - pnl, rel=1e-9)

    network = (library_path("shocks") / "networks" / "ai_circular_financing.yaml").read_text(encoding="utf-8")
    richer = network.replace("cash: 13bn USD", "cash: 14.3bn USD", 1)
    assert richer != network
    (tmp_path / "richer.yaml").write_text(richer, encoding="utf-8")
    edited.write_text(text.replace("name: ai_circular_financing", "name: richer.yaml"), encoding="utf-8")
    change = changes["OPENAI: cash 13bn", "to cash 14.3bn"]
    assert change == pytest.approx(pnl_of(load_scenarios(edited)) - pnl, rel=1e-9)


def test_the_ten_are_those_that_change_the_loss_most() -> None:
    run = stress(load_portfolio("ai_growth_fund"), load_scenarios("ai_capex_collapse"))
    found = run.assessment()
    top = found.top("ai_growth_fund")
    sizes = [abs(item.largest(0).change[0]) for item in top]
    everything = sorted((abs(item.largest(0).change[0]) for item in found.moved[0].moved), reverse=True)
    assert sizes == everything[:10]
    assert [item.number.text for item in top[:2]] == ["cause demand_failure", "capex_cut 50%"]
