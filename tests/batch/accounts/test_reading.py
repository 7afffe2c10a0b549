"""Accounts of one table: the portfolios that each would be alone, bad rows named and left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from stresstest import load_market
from stresstest.batch.accounts.columns import write_accounts
from stresstest.batch.accounts.reading import AccountsTable, has_accounts, read_accounts
from stresstest.batch.accounts.synthetic import AccountsPlan, synthetic_accounts
from stresstest.errors import InputError
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.model import Portfolio

HEADER = "portfolio,portfolio_currency,group,id,type,issuer,strike,right,underlying,expiry,quantity,weight\n"
NVDA = "equity,NVDA,,,,,10,\n"
PLAN = AccountsPlan(12, positions_each=40, n_instruments=200, seed=5)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of accounts over every type."""
    path = tmp_path_factory.mktemp("accounts") / "accounts.parquet"
    write_accounts(path, synthetic_accounts(load_market(), PLAN))
    return path


def read(folder: Path, rows: str, header: str = HEADER) -> AccountsTable:
    path = folder / "rows.csv"
    path.write_text(header + rows, encoding="utf-8")
    return read_accounts(path)


def refusals(found: AccountsTable) -> list[tuple[str, str, int, str]]:
    return [
        (row.portfolio, row.position, row.row, problem.format().split("rows.csv:", 1)[1])
        for row in found.refused
        for problem in row.problems
    ]


def same(ours: Portfolio, alone: Portfolio) -> None:
    left, right = ours.positions, alone.positions
    assert left.ids == right.ids
    assert left.quantity.tolist() == right.quantity.tolist()
    assert np.isnan(left.weight).all()
    assert (left.names, dict(left.tags), dict(left.lots)) == (right.names, dict(right.tags), dict(right.lots))
    held = [ours.instruments[row] for row in left.instrument]
    assert held == [alone.instruments[row] for row in right.instrument]


def test_each_account_is_the_portfolio_that_it_would_be_alone(table: Path, tmp_path: Path) -> None:
    found = read_accounts(table)
    assert not found.refused
    assert [item.name for item in found.portfolios] == [f"account_{n:02d}" for n in range(1, 13)]
    rows = pq.read_table(table)
    for account in found.portfolios:
        own = rows.filter(pa.compute.equal(rows["portfolio"].cast(pa.string()), account.name))
        path = tmp_path / f"{account.name}.parquet"
        pq.write_table(own.drop_columns(["portfolio", "portfolio_currency", "group"]), path)
        same(account, load_portfolio(path))
        assert account.currency == own["portfolio_currency"][0].as_py()
        assert found.groups[account.name] == own["group"][0].as_py()


def test_accounts_share_their_instruments(table: Path) -> None:
    first, *others = read_accounts(table).portfolios
    assert all(other.instruments is first.instruments for other in others)


def test_shuffled_rows_are_the_same_accounts(table: Path, tmp_path: Path) -> None:
    rows = pq.read_table(table)
    order = np.random.default_rng(3).permutation(rows.num_rows)
    pq.write_table(rows.take(order), tmp_path / "shuffled.parquet")
    pairs = zip(
        read_accounts(table).portfolios, read_accounts(tmp_path / "shuffled.parquet").portfolios, strict=True
    )
    for account, shuffled in pairs:
        assert (account.name, account.currency) == (shuffled.name, shuffled.currency)
        assert contents(account) == contents(shuffled)


def contents(account: Portfolio) -> dict[str, tuple[object, float]]:
    held = account.positions
    return {
        name: (account.instruments[row], quantity)
        for name, row, quantity in zip(held.ids, held.instrument, held.quantity, strict=True)
    }


def test_csv_and_parquet_are_the_same(table: Path, tmp_path: Path) -> None:
    rows = pq.read_table(table)
    plain = pa.table({name: _plain(rows[name]) for name in rows.column_names})
    pa_csv.write_csv(plain, tmp_path / "accounts.csv")
    for ours, theirs in zip(
        read_accounts(table).portfolios, read_accounts(tmp_path / "accounts.csv").portfolios, strict=True
    ):
        same(ours, theirs)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def test_small_row_groups_are_one_table(table: Path, tmp_path: Path) -> None:
    """Each row group has its own dictionary of texts."""
    pq.write_table(pq.read_table(table), tmp_path / "cut.parquet", row_group_size=7)
    cut = read_accounts(tmp_path / "cut.parquet")
    for ours, theirs in zip(read_accounts(table).portfolios, cut.portfolios, strict=True):
        same(ours, theirs)


def test_a_bad_row_is_refused_alone(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "one,,,a," + NVDA
        + "one,,,b,equty,NVDA,,,,,10,\n"
        + "one,,,c,equity,NVDA,,,,,ten,\n"
        + "two,,,a,equity,NVDA,,,,,1,5%\n"
        + "two,,,b," + NVDA
        + "two,,,b," + NVDA
        + "two,,," + "," + NVDA
        + "two,,,d,equity,NVDA,160,,,,1,\n"
        + "three,,,a,equity,NVDA,,,,,,5%\n"
        + "four,,,a,european_option,,x,put,NVDA,2026-01-16,1,\n"
        + ",,,a," + NVDA,
    )  # fmt: skip
    assert [(item.name, item.positions.ids) for item in found.portfolios] == [
        ("one", ("a",)),
        ("two", ("b",)),
    ]
    said = [(name, position, row, text.split("; ")[0]) for name, position, row, text in refusals(found)]
    assert said == [
        ("one", "b", 1, "3:9: error[ST350] instrument type 'equty'"),
        ("one", "c", 2, "4:25: error[ST155] text 'ten'"),
        ("two", "a", 3, "5:7: error[ST260] neither quantity nor weight, or both"),
        ("two", "a", 3, "5:27: error[ST257] a weight without a total"),
        ("two", "b", 5, "7:7: error[ST250] position id 'b' stands twice"),
        ("two", "", 6, "8:7: error[ST250] position without id"),
        ("two", "d", 7, "9:21: error[ST150] unknown field 'strike' of type equity"),
        ("three", "a", 8, "10:28: error[ST257] a weight without a total"),
        ("four", "a", 9, "11:27: error[ST152] text 'x'"),
        ("", "a", 10, "12:1: error[ST164] text ''"),
    ]


def test_rows_of_the_same_bad_terms_are_each_refused_where_they_stand(tmp_path: Path) -> None:
    found = read(tmp_path, "one,,,a,equty,X,,,,,1,\ntwo,,,a,equty,X,,,,,1,\n" + "two,,,b," + NVDA)
    assert [(row[0], row[3].split(" ")[0]) for row in refusals(found)] == [("one", "2:9:"), ("two", "3:9:")]


def test_currency_and_group_are_stated_once_or_the_same(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "one,EUR,desk,a," + NVDA + "one,,,b," + NVDA + "two,USD,,a," + NVDA + "two,GBP,,b," + NVDA
        + "three,usd,,a," + NVDA,
    )  # fmt: skip
    assert [(item.name, item.currency) for item in found.portfolios] == [("one", "EUR")]
    assert found.groups == {"one": "desk"}
    texts = [text for _, _, _, text in refusals(found)]
    assert texts == [
        "4:5: error[ST716] 'GBP', elsewhere 'USD'; expected one portfolio_currency an account",
        "5:5: error[ST716] 'GBP', elsewhere 'USD'; expected one portfolio_currency an account",
        "6:7: error[ST162] text 'usd'; expected a currency of three capital letters, like USD; "
        "did you mean 'USD'?",
    ]


@pytest.mark.parametrize("name", ["<b onload=x>", "=cmd()", "NO", "010", "2026-01-01", "日本 口座"])
def test_names_are_only_text(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, f'"{name}",,,"{name}",' + NVDA)
    assert [(item.name, item.positions.ids) for item in found.portfolios] == [(name, (name,))]


@pytest.mark.parametrize("name", ["../up", " blank", "x" * 65, "a\u202eb"])
def test_names_that_are_no_names_are_refused(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, f'"{name}",,,a,' + NVDA)
    assert not found.portfolios
    assert [row.problems[0].code for row in found.refused] == ["ST164"]


def test_numbers_name_accounts(tmp_path: Path) -> None:
    columns = {"portfolio": [1001, 7], "id": ["a", "a"], "type": ["equity"] * 2, "issuer": ["NVDA"] * 2}
    pq.write_table(pa.table({**columns, "quantity": [1.0, 2.0]}), tmp_path / "a.parquet")
    found = read_accounts(tmp_path / "a.parquet")
    assert [item.name for item in found.portfolios] == ["1001", "7"]
    assert found.portfolios[1].positions.locate(0, "issuer").line == 2


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("id,type,issuer,quantity\n", "a,equity,NVDA,1\n", "ST715"),
        (HEADER, "", "ST268"),
        (HEADER.replace("issuer", "isuer"), "one,,,a," + NVDA, "did you mean 'issuer'"),
        (HEADER.replace("type", "kind"), "one,,,a," + NVDA, "ST140"),
        (HEADER, "one,,\n", "ST132"),
    ],
)
def test_a_malformed_file_is_an_error(tmp_path: Path, header: str, rows: str, expected: str) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, rows, header)
    assert expected in str(refused.value)


def test_private_values_belong_to_one_account(tmp_path: Path) -> None:
    header = "portfolio,id,type,issuer,quantity,stated_value,stated_date\n"
    row = "{},a,equity,829933100,10,{},2025-06-30\n"
    found = read(tmp_path, row.format("one", 500) + row.format("two", 700), header)
    values = [item.instruments[item.positions.instrument[0]].stated for item in found.portfolios]
    assert [value.value for value in values if value] == [500.0, 700.0]


def test_a_table_of_accounts_is_told_from_a_portfolio(table: Path, tmp_path: Path) -> None:
    assert has_accounts(table)
    files = {
        "accounts.csv": HEADER, "one.csv": "id,type\n", "quoted.csv": '"portfolio", x\n', "empty.csv": "",
        "broken.parquet": "PAR1", "broken.csv": '"port', "notes.txt": "portfolio\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert {name for name in files if has_accounts(tmp_path / name)} == {"accounts.csv", "quoted.csv"}
    assert not has_accounts(tmp_path)
    assert not has_accounts(tmp_path / "missing.parquet")
