"""`stresstest query` as users see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.batch.reading.small_runs import write_run
from tests.cli.runner import run

from stresstest.cli.batch.query_spec import QuerySpec


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run")


def test_a_table_on_the_terminal(folder: Path) -> None:
    outcome = run("query", folder, "SELECT portfolio, base_value, fall FROM pnl")
    assert outcome.code == 0
    assert [line.split() for line in outcome.out.splitlines()] == [
        ["portfolio", "base_value", "fall"],
        ["first", "1,000", "-300"],
        ["second", "2,000", "-100.5"],
        ["third", "500", "-"],
    ]
    assert "unfinished" in outcome.err


def test_without_sql_the_tables_are_listed(folder: Path) -> None:
    outcome = run("query", folder)
    assert outcome.code == 0
    assert all(name in outcome.out for name in ("pnl_long", "draws_long", "base_value"))


def test_json_and_csv(folder: Path) -> None:
    outcome = run("query", folder, "FROM pnl", "--json")
    document = json.loads(outcome.out)
    QuerySpec.model_validate(document)
    assert document["rows"][2] == ["third", "EUR", 500.0, None, 25.0]
    assert run("query", folder, "SELECT portfolio, fall FROM pnl", "--csv").out == (
        "portfolio,fall\nfirst,-300.0\nsecond,-100.5\nthird,\n"
    )


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
def test_a_file_is_written_once(folder: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"rows.{suffix}"
    assert run("query", folder, "FROM pnl", "-o", target).code == 0
    assert target.stat().st_size > 0
    outcome = run("query", folder, "FROM pnl", "-o", target)
    assert outcome.code == 2
    assert "ST145" in outcome.err


def test_bad_sql_ends_with_2(folder: Path) -> None:
    outcome = run("query", folder, "SELECT bas_value FROM pnl")
    assert outcome.code == 2
    assert outcome.err.splitlines()[-1].endswith("did you mean 'base_value'?")
