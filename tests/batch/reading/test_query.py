"""Queries read the tables of a run, and nothing else, whatever they say."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.batch.reading.small_runs import write_run
from tests.batch.real_runs import make_run

from stresstest.batch.reading.cells import cells_of
from stresstest.batch.reading.query import query, views
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.errors import InputError, ResourceError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return open_run(write_run(tmp_path_factory.mktemp("query") / "run"))


def test_groups_are_one_table_in_their_order(run: RunFolder) -> None:
    answer = query(run, "SELECT portfolio, fall FROM pnl")
    assert answer.names == ("portfolio", "fall")
    assert answer.types == ("VARCHAR", "DOUBLE")
    assert answer.rows == (("first", -300.0), ("second", -100.5), ("third", None))


def test_long_views_have_a_row_a_result(run: RunFolder) -> None:
    assert query(run, "FROM pnl_long WHERE portfolio = 'third'").rows == (
        ("third", "EUR", 500.0, "fall", None),
        ("third", "EUR", 500.0, "rise", 25.0),
    )
    assert query(run, "SELECT draw, sum(pnl) FROM draws_long GROUP BY draw ORDER BY draw").rows == (
        ("mix/1", 6.0),
        ("mix/2", -6.0),
    )
    assert list(views(run)) == ["pnl", "draws", "pnl_long", "draws_long"]


def test_values_are_plain_and_finite(run: RunFolder) -> None:
    sql = "SELECT 'nan'::DOUBLE a, DATE '2025-10-03' b, [2.5, 'inf'::DOUBLE] c, {'k': 1.25::DECIMAL(9,2)} d"
    answer = query(run, sql)
    assert answer.rows == ((None, "2025-10-03", [2.5, None], {"k": 1.25}),)
    assert list(answer.columns()) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT portfolo FROM pnl", r"SQL:1:8: error\[ST761\] column 'portfolo'.*did you mean 'portfolio'"),
        ("FROM pnll", r"SQL:1:6: error\[ST761\] table 'pnll'; expected one of pnl, .*did you mean 'pnl'"),
        ("SELECT *\n FROM pnl\n WHERE ünder = 1", r"SQL:3:8: error\[ST761\] column 'ünder'"),
        ("SELECT FROM", r"SQL:1:8: error\[ST763\] syntax error at or near"),
        ("SELECT 1; SELECT 2", "ST762.* 2 statements"),
        ("EXPLAIN FROM pnl", "ST762.* a statement EXPLAIN"),
        (" ", "ST762.* nothing"),
        ("PIVOT pnl_long ON scenario USING sum(pnl)", "ST762.* PIVOT without its IN"),
    ],
)
def test_mistakes_are_placed(run: RunFolder, sql: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        query(run, sql)


HOSTILE = [
    "COPY pnl TO '{there}/x.csv'",
    "EXPORT DATABASE '{there}/x'",
    "ATTACH '{there}/x.db'",
    "CREATE TABLE t AS FROM pnl",
    "DROP VIEW pnl_long",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "LOAD httpfs",
    "PRAGMA enable_profiling",
    "CALL enable_logging()",
    "EXPLAIN ANALYZE COPY pnl TO '{there}/x.csv'",
    "SELECT * FROM read_csv('{here}')",
    "SELECT * FROM read_text('{here}')",
    "SELECT * FROM read_blob('{here}')",
    "SELECT * FROM read_parquet('{here}')",
    "SELECT * FROM parquet_metadata('{here}')",
    "SELECT * FROM sniff_csv('{here}')",
    "SELECT * FROM glob('{there}/*')",
    "SELECT * FROM '{here}'",
    "SELECT * FROM read_csv('https://localhost/x.csv')",
    "SELECT getenv('HOME')",
    "SELECT * FROM run",
    "SELECT 1; COPY pnl TO '{there}/x.csv'",
]


def _contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("sql", HOSTILE)
def test_hostile_queries_are_refused_and_leave_nothing(tmp_path: Path, sql: str) -> None:
    run = open_run(write_run(tmp_path / "run"))
    before = _contents(tmp_path)
    here = run.files("pnl")[0]
    with pytest.raises(InputError, match=r"ST76[123]"):
        query(run, sql.format(there=tmp_path, here=here))
    assert _contents(tmp_path) == before


def test_a_query_beyond_its_memory_says_so(run: RunFolder) -> None:
    with pytest.raises(ResourceError, match=r"more than 0\.1 GB"):
        query(run, "SELECT * FROM range(1_000_000_000) ORDER BY 1 DESC", memory=100_000_000)


@pytest.mark.parametrize("sql", ["SELECT portfolio, limit FROM breaches", "FROM breaches WHERE limit = 'a'"])
def test_a_column_with_the_name_of_a_word_of_sql_needs_quotes(tmp_path: Path, sql: str) -> None:
    breaches = {"portfolio": ["first"], "limit": ["committee"]}
    run = open_run(write_run(tmp_path / "run", {"breaches": breaches}))
    with pytest.raises(InputError, match=r'ST763.* the column is "limit", in double quotes'):
        query(run, sql)
    assert query(run, sql.replace("limit", '"limit"').replace("'a'", "'committee'")).rows


def test_rates_compare_amounts_of_several_currencies(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    sql = "SELECT portfolio, base_value * rate, rate FROM pnl JOIN rates USING (currency) ORDER BY ALL"
    growth, income = query(run, sql).rows
    assert (growth[0], growth[2]) == ("growth", 1.0)
    base = cells_of(run).base_value[1]
    assert income == ("income", base * run.rates["EUR"], run.rates["EUR"])
    assert income[2] > 1.0


def test_names_that_stand_twice_are_numbered(run: RunFolder) -> None:
    assert query(run, "SELECT 1 a, 2 b, 3 a").columns() == {"a": [1], "b": [2], "a_1": [3]}


def test_long_views_of_a_long_layout_are_its_table(tmp_path: Path) -> None:
    columns = {
        "portfolio": ["a"],
        "currency": ["USD"],
        "base_value": [2.0],
        "scenario": ["fall"],
        "pnl": [-1.0],
    }
    run = open_run(write_run(tmp_path / "run", {"pnl": columns}))
    assert query(run, "FROM pnl_long").rows == (("a", "USD", 2.0, "fall", -1.0),)


def test_contributions_stand_below_one_another_too(tmp_path: Path) -> None:
    keys = {
        "portfolio": ["a", "a"],
        "attribute": ["type"] * 2,
        "category": ["equity", "cash"],
        "base_value": [2.0, 1.0],
    }
    run = open_run(write_run(tmp_path / "run", {"contributions": {**keys, "fall": [-1.0, 0.0]}}))
    sql = "SELECT category, pnl FROM contributions_long WHERE scenario = 'fall' ORDER BY pnl"
    assert query(run, sql).rows == (("equity", -1.0), ("cash", 0.0))
