from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.runner import run
from tests.cli.samples import DRIVEN, FALL, PORTFOLIO, write_samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("running")


@pytest.fixture(scope="module")
def sample(folder: Path) -> dict[str, Path]:
    return write_samples(folder)


def document(*arguments: str | Path) -> dict[str, Any]:
    code, out, err = run(*arguments, "--json")
    assert code in (0, 1), err
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_numbers_are_those_of_the_holdings(sample: dict[str, Path]) -> None:
    """Closes of 2025-10-03: NVDA 187.62, MSFT 517.35; half of 100 NVDA is lost."""
    (portfolio,) = document("run", sample["portfolio"], "--shocks", sample["fall"])["portfolios"]
    assert portfolio["base_value"] == pytest.approx(100 * 187.62 - 10 * 517.35 + 1000, rel=1e-12)
    (scenario,) = portfolio["scenarios"]
    assert scenario["pnl"] == pytest.approx(-50 * 187.62, rel=1e-12)
    assert scenario["pnl_percent"] == pytest.approx(100 * scenario["pnl"] / portfolio["base_value"])
    assert [row["pnl"]["fall"] for row in portfolio["positions"]] == [pytest.approx(-9381.0), 0.0, 0.0]
    assert portfolio["coverage"]["unreached"] == {"fall": ["soft", "cash"]}


def test_scenarios_keep_the_order_of_the_command_line(sample: dict[str, Path]) -> None:
    found = document("run", sample["portfolio"], "--shocks", sample["rise"], "--shocks", sample["fall"])
    assert [row["name"] for row in found["portfolios"][0]["scenarios"]] == ["rise", "fall"]


def test_severity_scales_and_zero_is_exactly_nothing(sample: dict[str, Path]) -> None:
    common = ("run", sample["portfolio"], "--shocks", sample["fall"], "--severity")
    assert document(*common, "0%")["portfolios"][0]["scenarios"][0]["pnl"] == 0.0
    double = document(*common, "200%")["portfolios"][0]["scenarios"][0]["pnl"]
    assert double == pytest.approx(-0.75 * 100 * 187.62, rel=1e-12)


def test_threads_do_not_change_a_bit(sample: dict[str, Path]) -> None:
    results = [document("run", sample["portfolio"], "--threads", str(count)) for count in (1, 2, 5)]
    assert results[0] == results[1] == results[2]


def test_little_memory_keeps_the_totals_and_drops_the_positions(sample: dict[str, Path]) -> None:
    full = document("run", sample["portfolio"], "--shocks", sample["fall"])["portfolios"][0]
    small = document("run", sample["portfolio"], "--shocks", sample["fall"], "--memory", "1B")["portfolios"][
        0
    ]
    for few, all_of_them in zip(small["scenarios"], full["scenarios"], strict=True):
        assert few == {**all_of_them, "pnl_percent_of_gross": None}
    assert small["positions"] == []
    code, out, _ = run("run", sample["portfolio"], "--shocks", sample["fall"], "--memory", "1B")
    assert code == 0
    assert "fall" in out


def test_a_breached_limit_fails_only_where_asked(sample: dict[str, Path]) -> None:
    arguments = ("run", sample["portfolio"], "--shocks", sample["fall"])
    assert run(*arguments).code == 0
    assert run(*arguments, "--fail-on", "limit").code == 1
    assert document(*arguments, "--fail-on", "limit")["exit_codes"] == [1]
    assert run("run", sample["portfolio"], "--shocks", sample["rise"], "--fail-on", "limit").code == 0


def test_a_limit_on_an_unknown_scenario_is_refused(tmp_path: Path) -> None:
    sample = write_samples(
        tmp_path, portfolio=PORTFOLIO.replace("scenario: any", "scenario: ai_capex_colapse")
    )
    code, _, err = run("run", sample["portfolio"], "--shocks", sample["fall"])
    assert code == 2
    assert "ST263" in err
    assert "did you mean 'ai_capex_collapse'?" in err


def test_a_position_that_cannot_be_valued_ends_with_3(sample: dict[str, Path], monkeypatch: Any) -> None:
    """An instrument without a finite value is listed, left out of the total, and the run says so."""
    from stresstest.instruments.equity import kernel

    revalue = kernel.revalue

    def failing(columns: Any, market: Any, state: Any, out: Any) -> None:
        revalue(columns, market, state, out)
        out.value[0, 1:] = float("nan")

    monkeypatch.setattr(kernel, "revalue", failing)
    code, out, _ = run("run", sample["portfolio"], "--shocks", sample["rise"])
    assert code == 3
    assert "left out of its total" in out
    code, out, _ = run("run", sample["portfolio"], "--shocks", sample["rise"], "--json")
    (portfolio,) = json.loads(out)["portfolios"]
    assert code == 3
    assert len(portfolio["failures"]) == 1
    assert portfolio["failures"][0]["scenario"] == "rise"


def test_contributions_add_up(sample: dict[str, Path]) -> None:
    arguments = ("run", sample["portfolio"], "--shocks", sample["fall"], "--by", "desk", "--by", "theme")
    (portfolio,) = document(*arguments)["portfolios"]
    for attribute in ("desk", "theme"):
        groups = portfolio["contributions"][attribute]
        assert sum(row["pnl"]["fall"] for row in groups) == pytest.approx(portfolio["scenarios"][0]["pnl"])
        assert sum(row["base_value"] for row in groups) == pytest.approx(portfolio["base_value"])
    assert {row["group"] for row in portfolio["contributions"]["desk"]} == {"growth", "hedge", "(none)"}


def test_an_attribute_that_no_portfolio_knows_is_refused(sample: dict[str, Path]) -> None:
    code, _, err = run("run", sample["portfolio"], "--by", "dsk")
    assert code == 2
    assert "did you mean 'desk'?" in err


def test_a_trace_adds_up_and_an_unknown_position_is_refused(sample: dict[str, Path]) -> None:
    common = ("run", "ai_growth_fund", "--shocks", "ai_capex_collapse", "--trace")
    (portfolio,) = document(*common, "nvda-put-jan26")["portfolios"]
    (trace,) = portfolio["traces"]
    total = sum(factor["pnl"] for factor in trace["factors"]) + trace["interaction"]
    assert total == pytest.approx(trace["pnl"], rel=1e-12)
    assert len(trace["factors"]) > 2
    code, _, err = run(*common, "nvda-putt-jan26")
    assert code == 2
    assert "did you mean 'nvda-put-jan26'?" in err


def test_result_files_hold_one_row_a_position_and_scenario(sample: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    arguments = ("run", sample["portfolio"], "--shocks", sample["fall"], "--shocks", sample["rise"])
    assert run(*arguments, "--output", target).code == 0
    with target.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 6
    falls = [float(row["pnl"]) for row in rows if row["scenario"] == "fall"]
    (portfolio,) = document(*arguments)["portfolios"]
    assert sum(falls) == pytest.approx(portfolio["scenarios"][0]["pnl"], rel=1e-12)


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".json"])
def test_every_format_can_be_written(suffix: str, sample: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / f"result{suffix}"
    arguments = ("run", sample["portfolio"], "--shocks", sample["fall"])
    assert run(*arguments, "-o", target).code == 0
    assert target.stat().st_size > 500
    if suffix == ".json":
        assert json.loads(target.read_text(encoding="utf-8")) == document(*arguments)


def test_a_file_is_never_replaced_without_force(sample: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    target.write_text("mine", encoding="utf-8")
    arguments = ("run", sample["portfolio"], "--shocks", sample["fall"], "-o", target)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "ST145" in err
    assert target.read_text(encoding="utf-8") == "mine"
    assert run(*arguments, "--force").code == 0
    assert target.read_text(encoding="utf-8").startswith("portfolio,position,")


def test_nothing_is_written_where_the_input_is_bad(sample: dict[str, Path], tmp_path: Path) -> None:
    bad = write_samples(tmp_path, fall=FALL.replace("NVDA", "NVDIA"))
    before = sorted(tmp_path.iterdir())
    code, _, _ = run("run", sample["portfolio"], "--shocks", bad["fall"], "-o", tmp_path / "result.csv")
    assert code == 2
    assert sorted(tmp_path.iterdir()) == before


def test_an_unknown_output_format_is_refused_before_anything_runs(
    sample: dict[str, Path], tmp_path: Path
) -> None:
    code, _, err = run("run", sample["portfolio"], "-o", tmp_path / "result.docx")
    assert code == 2
    assert "ST147" in err


def test_a_driver_set_on_the_command_line_moves_the_result(sample: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "driven.yaml").write_text(DRIVEN, encoding="utf-8")
    arguments = ("run", sample["portfolio"], "--shocks", tmp_path / "driven.yaml")
    plain, changed = document(*arguments), document(*arguments, "--set", "cut=80%")
    assert plain["drivers"] == {"driven": {"cut": "50%"}}
    assert changed["drivers"] == {"driven": {"cut": "80%"}}
    moved = [found["portfolios"][0]["scenarios"][0]["pnl"] for found in (plain, changed)]
    assert moved[1] == pytest.approx(1.6 * moved[0], rel=1e-12)


def test_a_setting_that_cannot_be_ends_with_status_2(sample: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "driven.yaml").write_text(DRIVEN, encoding="utf-8")
    arguments = ("run", sample["portfolio"], "--shocks", tmp_path / "driven.yaml", "--set", "cut=0.8")
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "--set cut=0.8: error[ST329]" in err


@pytest.mark.parametrize(
    "option", [("--by", "desk"), ("--positions",), ("--trace", "chips"), ("--output", "little.csv")]
)
def test_what_needs_positions_is_refused_where_memory_keeps_none(
    option: tuple[str, ...], sample: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for form in ((), ("--json",)):
        code, out, err = run(
            "run", sample["portfolio"], "--shocks", sample["fall"], "--memory", "1B", *option, *form
        )
        assert (code, out) == (5, "")
        assert f"{option[0]}" in err
        assert "raise --memory" in err
    assert list(tmp_path.iterdir()) == []


def test_contributions_are_of_the_portfolios_that_know_the_attribute(sample: dict[str, Path]) -> None:
    found = document(
        "run",
        sample["portfolio"],
        "quality_income",
        "--shocks",
        sample["fall"],
        "--by",
        "desk",
        "--by",
        "type",
    )
    assert [list(portfolio["contributions"]) for portfolio in found["portfolios"]] == [
        ["desk", "type"],
        ["type"],
    ]


def test_a_loss_on_a_base_value_of_nothing_is_a_breach(folder: Path, sample: dict[str, Path]) -> None:
    text = PORTFOLIO.replace(
        "- {id: soft, type: equity, issuer: MSFT, quantity: -10, tags: {desk: hedge}}", ""
    )
    path = folder / "financed.yaml"
    path.write_text(text.replace("quantity: 1_000", "quantity: -18_762"), encoding="utf-8")
    code, out, err = run("run", path, "--shocks", sample["fall"], "--fail-on", "limit")
    assert code == 1, err
    assert "BREACHED tight: a loss on a base value of 0 in fall over 1m, limit 10 %" in out
    limit = document("run", path, "--shocks", sample["fall"])["portfolios"][0]["limits"][0]
    assert (limit["loss"], limit["breached"]) == (None, True)
