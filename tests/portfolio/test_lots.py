"""Tax lots of positions: read from documents and tables, written back, refused where they do not add up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stresstest.errors import InputError
from stresstest.portfolio.loading import build_portfolio, load_portfolio
from stresstest.portfolio.model import Lot
from stresstest.portfolio.writing import write_portfolio


def fund(**fields: object) -> dict[str, object]:
    shares = {"id": "a", "type": "equity", "issuer": "NVDA", "quantity": 100} | fields
    return {"version": 1, "name": "fund", "currency": "USD", "positions": [shares]}


LOTS = [{"quantity": 60, "price": 120.5, "date": "2024-06-14"}, {"quantity": 40, "price": 99}]


def test_lots_and_cost_prices_become_lots() -> None:
    assert build_portfolio(fund(lots=LOTS)).positions.lots == {
        0: (Lot(60.0, 120.5, date(2024, 6, 14)), Lot(40.0, 99.0))
    }
    assert build_portfolio(fund(cost_price=80)).positions.lots == {0: (Lot(100.0, 80.0),)}
    assert build_portfolio(fund()).positions.lots == {}


def test_the_cash_that_weights_leave_changes_no_lot() -> None:
    data = fund(cost_price=0) | {"total": {"value": 1000, "currency": "USD"}, "remainder": "cash"}
    share = {"id": "b", "type": "equity", "issuer": "MSFT", "weight": "50%"}
    data["positions"] = [*data["positions"], share]  # type: ignore[misc]
    positions = build_portfolio(data).positions
    assert (positions.ids[-1], positions.lots) == ("remainder", {0: (Lot(100.0, 0.0),)})


def test_lots_come_back_from_what_is_written(tmp_path: Path) -> None:
    portfolio = build_portfolio(fund(lots=LOTS))
    write_portfolio(tmp_path / "p.yaml", portfolio)
    assert load_portfolio(tmp_path / "p.yaml").positions.lots == portfolio.positions.lots
    write_portfolio(tmp_path / "p.csv", portfolio)
    (lot,) = load_portfolio(tmp_path / "p.csv").positions.lots[0]
    assert lot == Lot(100.0, (60 * 120.5 + 40 * 99.0) / 100.0)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"lots": [{"quantity": 60, "price": 1}]}, "ST480] lots that add to 60; expected the position's"),
        ({"lots": [{"quantity": -100, "price": 1}]}, "ST480] a lot of another sign"),
        ({"lots": LOTS, "cost_price": 3}, "ST480] both cost_price and lots; expected one of them"),
        ({"cost_price": -3}, "ST153] number -3; expected a value of at least 0"),
        ({"lots": [{"quantity": 100, "price": 1, "day": "2024-01-02"}]}, "ST150] unknown field 'day'"),
        ({"quantity": None, "weight": "100%", "cost_price": 3}, "ST480] a cost price or lots without"),
    ],
)
def test_lots_that_are_not_the_whole_position_are_refused(fields: dict[str, object], expected: str) -> None:
    data = fund(**fields)
    data["positions"] = [
        {name: value for name, value in data["positions"][0].items() if value is not None}  # type: ignore[index]
    ]
    with pytest.raises(InputError) as caught:
        build_portfolio(data)
    assert expected in str(caught.value)


def test_a_table_has_a_cost_price(tmp_path: Path) -> None:
    table = tmp_path / "p.csv"
    table.write_text("id,type,issuer,quantity,cost_price\na,equity,NVDA,10,5.5\nb,equity,MSFT,3,\n")
    assert load_portfolio(table).positions.lots == {0: (Lot(10.0, 5.5),)}
    table.write_text("id,type,issuer,quantity,cost_price\na,equity,NVDA,10,-5.5\nb,equity,MSFT,3,x\n")
    with pytest.raises(InputError) as caught:
        load_portfolio(table)
    assert [problem.code for problem in caught.value.problems] == ["ST480", "ST155"]


def test_the_shipped_fund_has_lots() -> None:
    positions = load_portfolio("ai_growth_fund").positions
    assert len(positions.lots) == 21
    for row, lots in positions.lots.items():
        assert sum(lot.quantity for lot in lots) == positions.quantity[row]
        assert all(lot.date is None or lot.date <= date(2025, 10, 3) for lot in lots)
