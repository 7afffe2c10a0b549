"""`query` on the command line: tables that fit, documents, CSV, files, and mistakes by their place."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.batch.reading.small_runs import write_run
from tests.batch.real_runs import make_run
from tests.cli.runner import run

from stresstest.cli.batch.query_spec import QuerySpec


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("query")).path


def words(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_without_sql_the_tables_are_listed(folder: Path) -> None:
    done = run("query", folder)
    lines = words(done.out)
    place = next(number for number, line in enumerate(lines) if line.startswith("pnl: a row is a portfolio,"))
    assert lines[place + 2] == "portfolio, currency, base_value, and 2 results: fall, rise"
    assert "rates: a row is a currency, with the price of one unit in USD" in lines
    assert max(map(len, done.out.splitlines())) <= 80
    tables = json.loads(run("query", folder, "--json").out)["tables"]
    assert {"name": "rates", "columns": ["currency", "rate"]} in tables


def test_what_all_rows_share_makes_room_for_the_rest(folder: Path, tmp_path: Path) -> None:
    breaches = {
        "portfolio": [f"account_{number:03d}" for number in range(12)],
        "limit": ["committee"] * 12,
        "owner": ["Head of market risk, second line"] * 12,
        "scenario": ["fed_severely_adverse_2024"] * 11 + ["time_bomb"],
        "loss": [0.25] * 12,
    }
    done = run("query", write_run(tmp_path / "run", {"breaches": breaches}), "FROM breaches")
    lines = words(done.out)
    assert lines[0] == "All rows have limit: committee, owner: Head of market risk, second line, loss:"
    assert lines[2] == "portfolio scenario"
    assert lines[3] == "account_000 fed_severely_adverse_2024"
    assert "is unfinished; groups done so far are shown" in done.err


def test_few_rows_that_are_too_wide_are_one_field_a_line(tmp_path: Path) -> None:
    columns = {"portfolio": ["first", "second"], "note": ["x" * 50, "y" * 50], "more": ["z" * 40, "w" * 40]}
    lines = words(run("query", write_run(tmp_path / "run", {"failures": columns}), "FROM failures").out)
    assert lines[:2] == ["row 1", "portfolio first"]
    assert f"more {'w' * 40}" in lines


def test_what_is_empty_in_all_rows_goes_without_a_word_and_lines_stay_lines(tmp_path: Path) -> None:
    failures = {"position": ["", ""], "note": ["x" * 80 + "\nthen y", "z"]}
    lines = words(run("query", write_run(tmp_path / "run", {"failures": failures}), "FROM failures").out)
    assert lines[0] == "row 1"
    assert "then y" in lines
    assert lines[-1] == "note z"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--csv"], "--csv and --output need a query"),
        (["-o", "x.csv"], "--csv and --output need a query"),
        (["FROM pnl", "--csv", "--json"], "--csv and --json exclude one another"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    folder: Path, arguments: list[str], message: str
) -> None:
    done = run("query", folder, *arguments)
    assert done.code == 2
    assert message in done.err


def test_documents_and_csv_hold_the_numbers_in_full(folder: Path) -> None:
    sql = "SELECT portfolio, fall FROM pnl ORDER BY portfolio"
    document = json.loads(run("query", folder, sql, "--json").out)
    QuerySpec.model_validate(document)
    rows = list(csv.reader(io.StringIO(run("query", folder, sql, "--csv").out)))
    assert rows[0] == [column["name"] for column in document["columns"]] == ["portfolio", "fall"]
    assert [[name, float(pnl)] for name, pnl in rows[1:]] == document["rows"]


def test_a_file_is_written_once(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "pnl.csv"
    assert run("query", folder, "FROM pnl", "-o", target).code == 0
    done = run("query", folder, "FROM pnl", "-o", target)
    assert done.code == 2
    assert "pnl.csv" in done.err
    assert run("query", folder, "FROM pnl", "-o", target, "--force").code == 0


def test_damaged_results_and_mistakes_end_with_status_2(tmp_path: Path) -> None:
    made = make_run(tmp_path)
    done = run("query", made.path, "SELECT portfolo FROM pnl")
    assert done.code == 2
    assert "SQL:1:8: error[ST761] column 'portfolo'" in done.err
    assert "did you mean 'portfolio'?" in done.err
    file = made.files("pnl")[0]
    file.write_bytes(file.read_bytes()[:-20])
    done = run("query", made.path, "FROM pnl")
    assert done.code == 2
    assert f"{file}: error[ST760] results that have changed since" in done.err
