from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.cli.samples import FALL, PORTFOLIO, write_samples

from stresstest.io.resources import library_path


def test_every_kind_of_file_is_known_and_checked(tmp_path: Path) -> None:
    sample = write_samples(tmp_path)
    prices = tmp_path / "prices.csv"
    prices.write_text("issuer,close,currency\nACME,12.5,USD\n", encoding="utf-8")
    market = library_path("markets") / "2025-10-03"
    code, out, err = run("validate", sample["portfolio"], sample["fall"], prices, market, "--json")
    assert code == 0, err
    files = json.loads(out)["files"]
    assert [file["kind"] for file in files] == ["portfolio", "scenario", "prices", "market"]
    assert files[0]["content"].startswith("3 positions")
    assert files[1]["content"].startswith("1 lines move ")


@pytest.mark.parametrize("kind", ["shocks", "portfolios", "markets"])
def test_everything_shipped_is_valid(kind: str) -> None:
    folder = library_path(kind)
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".csv") or kind == "markets")
    code, out, err = run("validate", *paths)
    assert code == 0, err
    assert len([line for line in out.splitlines() if " is valid: " in line]) == len(paths)


def test_a_shipped_name_and_a_folder_of_scenarios_do_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "shocks"
    folder.mkdir()
    (folder / "fall.yaml").write_text(FALL, encoding="utf-8")
    code, out, _ = run("validate", "balanced_60_40", folder)
    assert code == 0
    assert "portfolio balanced_60_40 is valid" in out
    assert "scenario fall is valid" in out


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    sample = write_samples(
        tmp_path,
        portfolio=PORTFOLIO.replace("NVDA", "NVDIA"),
        fall=FALL.replace("issuer: NVDA", "theme: ai_accelerator"),
    )
    code, out, err = run("validate", sample["portfolio"], sample["fall"], tmp_path / "gone.yaml")
    assert (code, out) == (2, "")
    assert "portfolio.yaml:7:" in err
    assert "did you mean 'NVDA'?" in err
    assert "fall.yaml:6:" in err
    assert "did you mean 'ai_accelerators'?" in err
    assert "gone.yaml: error[ST100]" in err


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("unknown.yaml", "version: 1\nname: x\n", "ST406"),
        ("list.yaml", "- 1\n- 2\n", "ST406"),
        ("empty.yaml", "", "ST104"),
    ],
)
def test_files_of_no_known_kind_are_refused(name: str, text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = run("validate", tmp_path / name)
    assert found.code == 2
    assert code in found.err


@pytest.mark.parametrize("key", ["shock", "step", "event", "member", "position"])
def test_a_key_in_the_singular_is_told_at_its_line(key: str, tmp_path: Path) -> None:
    (tmp_path / "near.yaml").write_text(f"version: 1\nname: x\n{key}: []\n", encoding="utf-8")
    found = run("validate", tmp_path / "near.yaml")
    assert found.code == 2
    assert "near.yaml:3:1: error[ST406]" in found.err
    assert f"did you mean '{key}s'?" in found.err


def test_a_scenario_of_events_alone_is_known(tmp_path: Path) -> None:
    text = "version: 1\nname: x\nhorizon: 1m\nevents:\n  - {event: halt, select: {issuer: NVDA}}\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    assert run("validate", tmp_path / "x.yaml").code == 0


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    code, _, err = run("validate", "balanced_6040")
    assert code == 2
    assert "did you mean 'balanced_60_40'?" in err


def test_an_own_market_layer_is_used(tmp_path: Path) -> None:
    sample = write_samples(tmp_path, portfolio=PORTFOLIO.replace("NVDA", "ACME"))
    assert run("validate", sample["portfolio"]).code == 2
    prices = tmp_path / "prices.csv"
    prices.write_text("issuer,close,currency\nACME,12.5,USD\n", encoding="utf-8")
    assert run("validate", sample["portfolio"], "--market", "2025-10-03", "--market", prices).code == 0
