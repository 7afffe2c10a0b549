"""What is written reads back as the same portfolio, whatever its names and terms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stresstest.errors import InputError
from stresstest.io.resources import names
from stresstest.portfolio.loading import build_portfolio, load_portfolio
from stresstest.portfolio.model import Portfolio
from stresstest.portfolio.writing import portfolio_text, position_columns, write_portfolio

SHIPPED = [name for name, _ in names("portfolios")]

HOSTILE = {
    "version": 1,
    "name": "hostile",
    "title": "a: 'b' # no comment",
    "currency": "USD",
    "notes": "two\nlines, a tab\t and \"quotes\"",
    "positions": [
        {"id": "NO", "type": "equity", "issuer": "NVDA", "quantity": 0.1, "tags": {"desk": "true"}},
        {"id": "=cmd()", "type": "equity", "issuer": "NVDA", "quantity": -1e-12, "name": "{[- x"},
        {"id": "010", "type": "cash", "currency": "USD", "quantity": 1e18, "tags": {"book": "日本"}},
        {"id": "2026-01-01", "type": "equity", "issuer": "MSFT", "quantity": 3,
         "stated_value": -0.3, "stated_date": "2025-10-01", "proxy": "NVDA"},
    ],
}  # fmt: skip


def same(read: Portfolio, written: Portfolio) -> None:
    assert read.positions.ids == written.positions.ids
    for ours, theirs in zip(read.positions.instrument, written.positions.instrument, strict=True):
        assert read.instruments[ours] == written.instruments[theirs]
    assert np.array_equal(read.positions.quantity, written.positions.quantity, equal_nan=True)
    assert np.array_equal(read.positions.weight, written.positions.weight, equal_nan=True)
    tags = {name: cells for name, cells in written.positions.tags.items() if any(cells)}
    assert dict(read.positions.tags) == tags
    assert read.positions.names == written.positions.names


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_portfolios_come_back_from_a_document(name: str, tmp_path: Path) -> None:
    portfolio = load_portfolio(name)
    portfolio = replace(portfolio, currency=portfolio.currency or "USD")
    write_portfolio(tmp_path / "copy.yaml", portfolio)
    read = load_portfolio(tmp_path / "copy.yaml")
    assert read.positions.lots == portfolio.positions.lots
    same(read, portfolio)
    assert (read.name, read.title, read.market) == (portfolio.name, portfolio.title, portfolio.market)
    assert (read.notes, read.total, read.nav) == (portfolio.notes, portfolio.total, portfolio.nav)
    assert [(limit.scenario, limit.max_loss, limit.of, limit.name) for limit in read.limits] == [
        (limit.scenario, limit.max_loss, limit.of, limit.name) for limit in portfolio.limits
    ]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_tables_hold_the_positions(suffix: str, tmp_path: Path) -> None:
    portfolio = load_portfolio("ai_growth_fund")
    write_portfolio(tmp_path / f"copy{suffix}", portfolio)
    same(load_portfolio(tmp_path / f"copy{suffix}"), portfolio)


def test_hostile_names_and_numbers_come_back(tmp_path: Path) -> None:
    portfolio = build_portfolio(HOSTILE)
    write_portfolio(tmp_path / "copy.yaml", portfolio)
    read = load_portfolio(tmp_path / "copy.yaml")
    same(read, portfolio)
    assert (read.title, read.notes) == (portfolio.title, portfolio.notes)


def test_columns_have_one_length() -> None:
    columns = position_columns(build_portfolio(HOSTILE))
    assert {len(cells) for cells in columns.values()} == {4}
    assert columns["tags.desk"] == ["true", None, None, None]


def test_a_document_is_as_people_write_it() -> None:
    text = portfolio_text(load_portfolio("ai_growth_fund"))
    assert (
        "  - {id: cash-usd, type: cash, currency: USD, quantity: 11500000, tags: {desk: treasury}}\n" in text
    )
    assert "expiry: 2026-03-20, multiplier: 100, quantity: 300" in text
    assert "coupon: 9.25%" in text


def test_a_document_needs_a_currency() -> None:
    table = load_portfolio("berkshire_13f_2025q2")
    with pytest.raises(ValueError, match="no currency"):
        portfolio_text(replace(table, currency=""))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "quality_income"])
def test_shipped_portfolios_come_back_from_a_table(name: str, suffix: str, tmp_path: Path) -> None:
    """Lists and mappings, percentages below 0 and columns of numbers and words included."""
    portfolio = load_portfolio(name)
    write_portfolio(tmp_path / f"copy{suffix}", portfolio)
    same(load_portfolio(tmp_path / f"copy{suffix}"), portfolio)


def test_a_malformed_list_in_a_cell_is_placed_there(tmp_path: Path) -> None:
    header = "id,type,issuer,coupon,maturity,frequency,day_count,quantity,sinking_fund\n"
    row = "a,fixed_bond,UST,4%,2030-06-30,2,30/360,1,"
    (tmp_path / "rows.csv").write_text(
        header + row + '"[{date: 2028-06-30, amount: 20%}"\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"rows\.csv:2:43: error\[ST110\]"):
        load_portfolio(tmp_path / "rows.csv")
    (tmp_path / "rows.csv").write_text(header + row + '"[{date: 2028-06-30, amount: x}]"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"rows\.csv:2:43: error\[ST157\]"):
        load_portfolio(tmp_path / "rows.csv")
