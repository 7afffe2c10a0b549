"""P&L by stages: parts add up, rounds add up to mechanisms, positions to the portfolio."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.books import instrument, portfolio
from tests.fixtures.scenario_networks import use_of
from tests.scenarios.markets import small_market

from stresstest.measures.stages import in_order, mechanism_of, stage_split
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock, Step

CUT = Scenario(
    "cut",
    (Shock.of("capex", "-100%", issuer="AMD"), Shock.of("spot", "-5%", issuer="KO")),
    "12m",
    network=use_of(),
)
HALF = Shock.of("capex", "-50%", issuer="AMD")
PATH = replace(CUT, name="path", shocks=(), timing="path", steps=(Step.of("6m", HALF), Step.of("12m", HALF)))


def result(*scenarios: Scenario, stages: bool = True) -> PortfolioResult:
    every = ScenarioSet(scenarios)
    market = with_event_factors(small_market(), every)
    shares = {"NVDA": 100.0, "AMD": -50.0, "KO": 30.0}
    held = portfolio([(name, instrument("equity", issuer=name), held) for name, held in shares.items()])
    book = compile_book([held], market)
    columns = compile_scenarios(every, market, stages=stages).columns
    return apply_holdings(book, revalue(book, columns)).portfolios[0]


@pytest.mark.parametrize("rounds", [False, True])
@pytest.mark.parametrize("scenario", [CUT, PATH], ids=["today", "path"])
def test_parts_add_up_to_the_cent(scenario: Scenario, rounds: bool) -> None:
    found = result(scenario)
    split = stage_split(found, scenario.name, rounds=rounds)
    last = int(found.table.columns_of(scenario.name)[-1])
    assert split.pnl.sum() == pytest.approx(float(found.pnl[last]), abs=1e-8)
    assert split.positions is not None
    assert split.positions.sum(axis=1) == pytest.approx(found.position_pnl[:, last], abs=1e-8)
    assert split.positions.sum(axis=0) == pytest.approx(split.pnl, abs=1e-8)


def test_each_part_is_what_its_stage_revalues_to() -> None:
    found = result(CUT)
    split = stage_split(found, "cut")
    by_part = dict(zip(split.parts, split.pnl.tolist(), strict=True))
    assert by_part["direct"] == pytest.approx(-0.05 * 30.0 * 66.3)
    assert by_part["capitalised_revenue"] < 0.0
    rounds = stage_split(found, "cut", rounds=True)
    own = [pnl for name, pnl in zip(rounds.parts, rounds.pnl, strict=True) if mechanism_of(name) == "direct"]
    assert own == [pytest.approx(by_part["direct"])]


def test_what_a_path_does_step_by_step_counts_once() -> None:
    # Two cuts of a half, of what is left, end where one of three quarters does.
    whole = replace(CUT, name="whole", shocks=(Shock.of("capex", "-75%", issuer="AMD"),))
    found = result(whole, PATH)
    at_once, in_steps = (
        dict(zip(split.parts, split.pnl.tolist(), strict=True))
        for split in (stage_split(found, "whole"), stage_split(found, "path"))
    )
    assert in_steps["capitalised_revenue"] == pytest.approx(at_once["capitalised_revenue"], rel=1e-9)
    assert in_steps["aged"] == pytest.approx(0.0, abs=1e-9)


def test_the_last_stage_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="stages=True"):
        stage_split(result(CUT, stages=False), "cut")


def test_a_scenario_that_was_not_run_is_refused() -> None:
    with pytest.raises(KeyError, match="calm"):
        stage_split(result(CUT), "calm")


def test_a_scenario_without_a_network_is_one_part() -> None:
    split = stage_split(result(replace(CUT, network=None, shocks=CUT.shocks[1:])), "cut")
    assert split.parts == ("direct",)
    assert np.isfinite(split.pnl).all()


def test_stages_are_in_the_order_in_which_they_happen() -> None:
    """Whichever scenario of several, or date of a path, has them first."""
    assert in_order(["aged", "direct", "clearing", "propagated", "fire_sale", "clearing"]) == (
        "direct",
        "fire_sale",
        "clearing",
        "propagated",
        "aged",
    )
    rounds = ["funding_runway/1", "capitalised_revenue/2", "fire_sale/3", "clearing/1", "collateral_spiral/2"]
    assert [
        name for _, name in (part.split("/", 1) for part in in_order(f"network/{one}" for one in rounds))
    ] == [
        "fire_sale/3",
        "funding_runway/1",
        "capitalised_revenue/2",
        "collateral_spiral/2",
        "clearing/1",
    ]
    late = replace(PATH, steps=(Step.of("6m"), Step.of("12m", HALF)))
    assert stage_split(result(late), "path").parts[-1] == "aged"
