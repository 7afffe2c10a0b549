from __future__ import annotations

from datetime import date

import pytest
from tests.report.samples import market, material, scenarios, stress, view

import stresstest as st
from stresstest.api.reporting import report_view_of
from stresstest.report.building import material as material_module
from stresstest.report.building.judgements import nav_view

(HELD,) = stress().result.portfolios
(BOOK,) = view().books


def test_numbers_are_counted_by_class_of_evidence() -> None:
    found = BOOK.judgement
    assert found is not None
    assert found.scenario == "fall"
    classes = dict(found.classes)
    assert classes["documented"] == 1
    assert sum(classes.values()) == len(found.register)


def test_layers_add_up_to_what_the_scenario_loses() -> None:
    found = BOOK.judgement
    assert found is not None
    rests = {rest.scenario: rest for rest in found.rests}
    assert "fall" in rests
    for name, rest in rests.items():
        line = BOOK.losses.line(name)
        assert line is not None
        if rest.layers:
            assert sum(part or 0.0 for _, part in rest.layers) == pytest.approx(line.percent, abs=1e-9)
    assert found.share == rests["fall"].share


def test_the_inputs_that_move_the_loss_most_come_first() -> None:
    found = BOOK.judgement
    assert found is not None
    sizes = [abs(one.percent or 0.0) for one in found.inputs]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0.0
    assert found.n_moved >= len(found.inputs) > 0
    assert all(one.basis != "documented" for one in found.inputs)


def test_a_market_without_a_factor_model_has_no_challenger() -> None:
    assert BOOK.judgement is not None
    assert BOOK.judgement.challengers == ()
    assert material().challenged == ()


def test_no_stated_net_asset_value_is_none() -> None:
    assert nav_view(HELD) is None
    assert BOOK.nav is None


def test_a_stated_net_asset_value_is_compared() -> None:
    document = {
        "version": 1,
        "name": "stated",
        "currency": "USD",
        "nav": {"value": 20_000, "date": "2025-10-03"},
        "positions": [{"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 100}],
    }
    found = report_view_of(st.stress(st.build_portfolio(document), scenarios("fall"), market())).books[0].nav
    assert found is not None
    assert (found.value, found.stated_on) == (20_000.0, date(2025, 10, 3))
    assert found.difference == pytest.approx(18_762.0 - 20_000.0)
    assert found.within is False


def test_inputs_are_said_to_be_moved_one_way() -> None:
    assert BOOK.judgement is not None
    assert "one way" in BOOK.judgement.note


def test_numbers_by_the_hundred_are_moved_only_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(material_module, "_MOST_MOVED", 0)
    found = report_view_of(stress()).books[0].judgement
    assert found is not None
    assert (found.inputs, found.n_moved, found.size) == ((), 0, None)
    assert "judged inputs were not moved one by one" in found.note
    assert report_view_of(stress(), judgement=True).books[0].judgement == BOOK.judgement
