"""`stresstest diff` as users see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.batch.real_runs import make_run
from tests.cli.runner import run

from stresstest.cli.batch.diff_spec import DiffSpec


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("runs")
    changes = {
        "accounts/growth.yaml": ("quantity: 100", "quantity: 120"),
        "prices.csv": ("180.5", "170.25"),
    }
    return make_run(root / "monday").path, make_run(root / "tuesday", changes).path


def test_a_run_against_itself(folders: tuple[Path, Path]) -> None:
    outcome = run("diff", folders[0], folders[0])
    assert outcome.code == 0, outcome.err
    assert "No difference: the same results to the last bit." in outcome.out


def test_changes_by_cause_with_the_largest_positions(folders: tuple[Path, Path]) -> None:
    outcome = run("diff", *folders)
    assert outcome.code == 0, outcome.err
    said = " ".join(outcome.out.split())
    assert "Different positions: " in said
    assert "growth.yaml Different market: " in said
    assert "The same, so exactly 0: scenarios, model" in outcome.out
    lines = [line.split() for line in outcome.out.splitlines()]
    # −50 % of 100 × 180.5, of 120 × 180.5, of 120 × 170.25; and 10 % of 10 × 510.25 from the short position.
    assert ["growth", "fall", "-8.51k", "-9.70k", "-1.19k", "-1.80k", "+615.0"] in lines
    assert ["growth", "chips", "equity", "-9.03k", "-10.2k", "-1.19k", "USD"] in lines
    assert max(len(line) for line in outcome.out.splitlines() if "/" not in line) <= 80


@pytest.mark.parametrize("by", ["scenario", "portfolio", "currency"])
def test_the_document_keeps_to_its_schema(folders: tuple[Path, Path], by: str) -> None:
    outcome = run("diff", *folders, "--by", by, "--json")
    assert outcome.code == 0, outcome.err
    document = json.loads(outcome.out)
    DiffSpec.model_validate(document)
    (row,) = document["changes"]
    assert row["change"] == row["positions"] + row["market"] + row["scenarios"] + row["model"]
    assert document["changed"] == ["positions", "market"]


def test_what_is_no_run_ends_with_2(folders: tuple[Path, Path], tmp_path: Path) -> None:
    outcome = run("diff", folders[0], tmp_path)
    assert outcome.code == 2
    assert "ST760" in outcome.err
