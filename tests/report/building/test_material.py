from __future__ import annotations

from dataclasses import replace

from tests.report.samples import book, market, material, scenarios, stress

import stresstest as st
from stresstest.api.reporting import material_of

(HELD,) = stress().result.portfolios


def test_the_worst_scenario_and_the_worst_with_a_network_are_in_focus() -> None:
    assert material().ranked(HELD) == ["fall", "stop", "slide", "rise"]
    assert material().focus(HELD) == ["fall", "stop"]
    assert replace(material(), chosen="rise").focus(HELD) == ["rise"]


def test_one_scenario_is_in_focus_where_it_has_the_network() -> None:
    found = material_of(st.stress(book(), scenarios("stop", "rise"), market()), cards=False)
    assert found.focus(found.result.portfolios[0]) == ["stop"]


def test_a_network_without_a_loss_is_not_in_focus() -> None:
    cash = st.build_portfolio(
        {
            "version": 1,
            "name": "cash",
            "currency": "USD",
            "positions": [{"id": "sap", "type": "equity", "issuer": "SAP", "quantity": 10}],
        }
    )
    found = material_of(st.stress(cash, scenarios("fall", "stop"), market()), cards=False)
    assert found.focus(found.result.portfolios[0]) == ["fall"]


def test_sweeps_are_made_once() -> None:
    assert material().sweep("fall") is material().sweep("fall")
    assert material().sweep("never") is None


def test_the_last_column_of_a_path_is_its_end() -> None:
    table = material().result.table
    assert material().last_columns["slide"] == int(table.columns_of("slide")[-1])
    assert float(HELD.pnl[material().last_columns["slide"]]) == stress().pnl.loc["small", "slide"]
