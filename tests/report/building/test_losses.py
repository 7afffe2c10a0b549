from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.samples import book, market, material, scenarios, stress, view

import stresstest as st
from stresstest.api.reporting import material_of
from stresstest.report.building.losses import GROSS, losses, unit_of

(HELD,) = stress().result.portfolios


def test_scenarios_come_with_the_largest_loss_first() -> None:
    found = view().books[0].losses
    pnl = [line.pnl for line in found.lines]
    assert pnl == sorted(pnl)
    assert {line.name: line.pnl for line in found.lines} == dict(stress().pnl.iloc[0])
    assert found.worst is found.lines[0] is found.line("fall")


def test_the_band_is_the_stress_at_half_and_at_one_and_a_half_times() -> None:
    half, more = (st.stress(book(), scenarios("fall"), market(), severity=s) for s in (0.5, 1.5))
    line = view().books[0].losses.line("fall")
    assert line is not None
    base = HELD.base_value
    assert line.milder == pytest.approx(100.0 * half.to_numpy()[0, 0] / base, rel=1e-12)
    assert line.harsher == pytest.approx(100.0 * more.to_numpy()[0, 0] / base, rel=1e-12)


def test_an_impossible_severity_has_no_end_of_the_band() -> None:
    line = view().books[0].losses.line("stop")  # 150 % of all new money cannot stop
    assert line is not None
    assert line.milder is not None
    assert line.harsher is None


def test_the_movers_are_the_three_that_lose_most() -> None:
    line = view().books[0].losses.line("fall")
    assert line is not None
    assert [name for name, _ in line.movers] == ["nvda", "amd", "sap"]
    assert dict(line.movers)["nvda"] == pytest.approx(-0.5 * 187.62 * 1_000)


def test_only_what_names_a_default_is_marked() -> None:
    assert [line.name for line in view().books[0].losses.lines if line.defaults] == ["stop"]
    assert view().notice


def test_per_cent_are_of_gross_value_where_the_base_is_small() -> None:
    owed = st.build_portfolio(
        {
            "version": 1,
            "name": "owing",
            "currency": "USD",
            "positions": [
                {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 100},
                {"id": "loan", "type": "cash", "currency": "USD", "quantity": -18_000},
            ],
        }
    )
    found = st.stress(owed, scenarios("fall"), market())
    (held,) = found.result.portfolios
    assert unit_of(held) == GROSS
    line = losses(material_of(found), held, None, 0).lines[0]
    assert line.percent == pytest.approx(100.0 * -9_381.0 / (18_762.0 + 18_000.0))


def test_a_report_without_bands_takes_no_revaluation() -> None:
    plain = replace(material(), banded=False)
    assert plain.bands == {}
    assert losses(plain, HELD, None, 0).lines[0].milder is None
