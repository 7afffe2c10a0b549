"""What the page shows adds up to the numbers of the run."""

from __future__ import annotations

import json
import math

import pytest
from tests.explore.conftest import PORTFOLIOS

from stresstest.explore import documents
from stresstest.explore.moves import Move


@pytest.fixture(scope="module")
def stress(live):
    return live.stress(Move(live.scenarios["ai_capex_collapse_network"]), PORTFOLIOS)


@pytest.fixture(scope="module")
def held(stress):
    return stress.result.portfolios[0]


def test_a_number_that_is_none_is_null():
    assert documents.number(math.nan) is None
    assert documents.number(-math.inf) is None
    assert documents.number(2.5) == 2.5


def test_totals_are_the_result(stress, held):
    found = documents.totals(stress)
    assert json.loads(json.dumps(found)) == found
    first = found["portfolios"][0]
    assert first["pnl"] == float(held.pnl[-1])
    assert first["percent"] == 100.0 * first["pnl"] / held.base_value
    assert found["total"]["pnl"] == pytest.approx(sum(one["pnl"] for one in found["portfolios"]))
    assert found["total"]["percent"] == pytest.approx(
        100.0 * found["total"]["pnl"] / found["total"]["base_value"]
    )


def test_groups_add_up_and_the_last_line_is_the_rest(held, monkeypatch):
    whole = documents.groups(held, "issuer", 1)["lines"]
    monkeypatch.setattr(documents, "MOST_GROUPS", 4)
    some = documents.groups(held, "issuer", 1)["lines"]
    assert [line["group"] for line in some[:4]] == [line["group"] for line in whole[:4]]
    assert some[4]["rest"] is True
    for lines in (whole, some):
        assert sum(line["pnl"] for line in lines) == pytest.approx(float(held.pnl[1]), rel=1e-12)


def test_positions_are_ranked_and_found_by_a_part_of_their_name(held):
    found = documents.positions(held, 1)
    losses = [line["pnl"] for line in found["lines"]]
    assert losses == sorted(losses)
    assert (found["found"], found["all"]) == (29, 29)
    puts = documents.positions(held, 1, "PUT")
    assert {line["id"] for line in puts["lines"]} == {"qqq-put-mar26", "nvda-put-jan26", "vst-put-jan26"}
    assert documents.positions(held, 1, "none such") == {"lines": [], "found": 0, "all": 29}


def test_only_so_many_positions_are_told(held, monkeypatch):
    monkeypatch.setattr(documents, "MOST_POSITIONS", 3)
    found = documents.positions(held, 1)
    assert (len(found["lines"]), found["found"]) == (3, 29)


def test_limits_are_checked(stress):
    found = {(one["portfolio"], one["name"]): one for one in documents.limits(stress)}
    limit = found["ai_growth_fund", "worst_scenario"]
    assert limit["breached"] is True
    assert limit["loss"] > limit["max_loss"] == 0.35


def test_parts_add_up_by_mechanism_and_by_factors(live, stress, held):
    staged = live.stress(Move(live.scenarios["ai_capex_collapse_network"], stages=True), PORTFOLIOS)
    parts = documents.waterfall(staged.result.portfolios[0], "ai_capex_collapse_network")
    assert "distress" in {part["part"] for part in parts}
    assert math.fsum(part["pnl"] for part in parts) == pytest.approx(float(held.pnl[-1]), rel=1e-12)


@pytest.mark.parametrize("most", [3, 12, 100])
def test_groups_of_factors_add_up(live, monkeypatch, most):
    from dataclasses import replace

    monkeypatch.setattr(documents, "MOST_PARTS", most)
    stress = live.stress(Move(live.scenarios["ai_capex_collapse"]), PORTFOLIOS)
    held = stress.result.portfolios[0]
    parts = documents.factor_groups(replace(stress.result, portfolios=(held,)), stress)
    assert math.fsum(part["pnl"] for part in parts) == pytest.approx(float(held.pnl[-1]), rel=1e-9)
    assert parts[-1]["part"] == "interaction"
    assert len(parts) <= most + 1
    assert ("all others" in {part["part"] for part in parts}) == (most < 20)


def test_a_path_has_dates_and_an_instant_none(live, stress, held):
    assert documents.path(stress, held, "ai_capex_collapse_network") == []
    grind = live.stress(Move(live.scenarios["slow_grind"]), PORTFOLIOS)
    points = documents.path(grind, grind.result.portfolios[0], "slow_grind")
    assert points[0]["date"] == "2025-10-03"
    assert points[-1]["after"] == pytest.approx(float(grind.result.portfolios[0].value[-1]))


def test_failures_are_told(held):
    assert documents.failures(held) == []
