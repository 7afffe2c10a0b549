"""Tables of governance of a batch are those of a single run, to the last bit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.batch.governance.governed_job import SCENARIOS, write_governed
from tests.batch.jobs_on_disk import run_job

import stresstest as st
from stresstest.measures.judgements.shares import LAYERS
from stresstest.measures.reconciliation import reconcile


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_governed(tmp_path_factory.mktemp("governed")).parent


@pytest.fixture(scope="module")
def found(folder: Path):
    return run_job(folder / "job.yaml")


@pytest.fixture(scope="module")
def stress(folder: Path):
    sources = [folder / f"{name}.yaml" for name in SCENARIOS[:2]]
    return st.stress(
        st.load_portfolio(folder / "fund.yaml"),
        st.load_scenarios(*sources, *SCENARIOS[2:]),
        st.load_market("2025-10-03"),
    )


def rows(table, portfolio: str):
    return [row for row in table.to_pylist() if row["portfolio"] == portfolio]


def test_the_judged_share_of_every_loss_is_that_of_a_single_run(found, stress) -> None:
    told = {row["scenario"]: row for row in rows(found["judged"], "fund")}
    shares = stress.assessment().shares
    assert [share.scenario for share in shares] == list(told) == list(SCENARIOS)
    for share in shares:
        row = told[share.scenario]
        assert {layer: row[layer] for layer in LAYERS} == dict(share.by_layer)
        assert (row["pnl"], row["judged"], row["share"]) == (share.pnl, share.judged, share.share)
    assert 0.0 < told["cut"]["share"] < 1.0
    assert told["openai_funding_stop"]["network"] < 0.0
    assert all(row["share"] is None for row in rows(found["judged"], "quiet") if row["pnl"] >= 0.0)


def test_challengers_are_those_of_a_single_run(found, stress) -> None:
    (challenge,) = stress.challenges()
    (row,) = rows(found["challengers"], "fund")
    names = ("scenario", "currency", "pnl", "lines_pnl", "challenger_pnl", "difference")
    assert {name: row[name] for name in names} == {name: getattr(challenge, name) for name in names}
    assert row["scenario"] == "openai_funding_stop"
    assert row["difference"] < 0.0


def test_variants_stand_in_no_other_table(found) -> None:
    assert found["pnl"].column_names[3:] == list(SCENARIOS)
    for name in ("paths", "failures", "breaches"):
        assert not any("~" in (scenario or "") for scenario in found[name]["scenario"].to_pylist())


def test_the_register_is_that_of_a_single_run_and_stands_once(found, stress) -> None:
    entries = stress.judgements()
    told = found["register"].to_pylist()
    assert [(row["scenario"], row["text"], row["class"]) for row in told] == [
        (entry.scenario, entry.text, entry.basis_class) for entry in entries
    ]
    assert (told[0]["author"], told[0]["date"]) == ("Market risk", date(2025, 9, 1))
    assert (told[0]["judged"], told[1]["judged"]) == (True, False)


def test_proxies_stand_with_what_they_follow_and_their_age(found, stress) -> None:
    (entry,) = stress.proxies()
    (row,) = found["proxies"].to_pylist()
    assert row == {"portfolio": "fund", **{name: getattr(entry, name) for name in row if name != "portfolio"}}
    assert (row["follows"], row["age_days"]) == ("SMH", 95)


def test_net_asset_values_are_reconciled_by_the_tolerance_of_the_job(found, stress) -> None:
    single = reconcile(stress.result.portfolios[0], 0.02)
    assert single is not None
    (row,) = rows(found["reconciliation"], "fund")
    assert (row["difference"], row["share"], row["within"]) == (
        single.difference,
        single.share,
        single.within,
    )
    assert (row["tolerance"], row["days_apart"], row["source"]) == (0.02, 3, "administrator")
    assert row["within"] is False
    (quiet,) = rows(found["reconciliation"], "quiet")
    assert (quiet["difference"], quiet["without_value"], quiet["within"]) == (0.0, 1, False)


def test_without_its_keys_a_job_has_the_tables_of_its_portfolios_only(tmp_path: Path) -> None:
    changes = [
        ("judgement: true\n", ""),
        ("challenger: factor_model\n", ""),
        ("reconcile: {tolerance: 2%}\n", ""),
    ]
    found = run_job(write_governed(tmp_path / "job", *changes))
    assert not {"judged", "register", "challengers"} & set(found)
    assert [row["tolerance"] for row in found["reconciliation"].to_pylist()] == [0.01, 0.05]
