"""Position tables: the same instruments as documents give, columns checked as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stresstest.errors import InputError
from stresstest.portfolio.loading import load_portfolio

HEADER = "id,type,issuer,underlying,right,strike,expiry,quantity,tags.desk\n"


def load(folder: Path, text: str):
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return load_portfolio(path)


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(folder, text)
    return [problem.format().split("rows.csv", 1)[1] for problem in caught.value.problems]


def test_equal_terms_are_one_instrument_however_written(tmp_path):
    read = load(
        tmp_path,
        HEADER
        + "a,equity,NVDA,,,,,10,one\n"
        + "b,european_option,,NVDA,put,160,2026-01-16,2,\n"
        + "c,european_option,,NVDA,put,160.0,2026-01-16,-2,two\n"
        + "d,equity,NVDA,,,,,1e3,\n",
    )
    assert read.positions.instrument.tolist() == [0, 1, 1, 0]
    assert read.positions.quantity.tolist() == [10.0, 2.0, -2.0, 1000.0]
    assert read.positions.tags == {"desk": ("one", "", "two", "")}
    assert read.instruments[1].spec.expiry == date(2026, 1, 16)
    assert read.currency == ""


def test_everything_wrong_is_said_at_once(tmp_path):
    found = problems_of(
        tmp_path,
        HEADER
        + "a,equity,NVDA,,,,,10,\n"
        + "a,equity,NVDA,,,,,ten,\n"
        + "b,equty,NVDA,,,,,10,\n"
        + "c,equity,NVDA,,put,,,10,\n"
        + "d,european_option,,NVDA,put,160,16.01.2026,1,\n",
    )
    assert [line.split(": ", 1)[0] for line in found] == [":3:1", ":3:19", ":4:3", ":5:16", ":6:33"]
    assert "did you mean 'equity'?" in found[2]
    assert "unknown field 'right' of type equity" in found[3]
    assert "did you mean '2026-01-16'?" in found[4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,type,issuer,quantty\na,equity,NVDA,1\n", "did you mean 'quantity'?"),
        ("id,issuer,quantity\na,NVDA,1\n", "ST140] no column 'type'"),
        ("id,type,issuer,quantity\na,equity,NVDA,\n", "ST260] neither quantity nor weight"),
        ("id,type,issuer,quantity\n,equity,NVDA,1\n", "ST250] position without id"),
        ("id,type,issuer,quantity\na,,NVDA,1\n", "ST165] no type"),
        ("id,type,issuer,quantity\n", "ST268] no position"),
        ("id,type,issuer,quantity,stated_value\na,equity,X,1,5\n", "ST156]"),
    ],
)
def test_each_slip_has_its_message(tmp_path, text, expected):
    assert expected in "\n".join(problems_of(tmp_path, text))


def test_stated_values_make_instruments_of_their_own(tmp_path):
    text = "id,type,issuer,quantity,stated_value,stated_date,proxy\n"
    rows = "a,equity,829933100,10,500,2025-06-30,XLC\nb,equity,829933100,20,1000,2025-06-30,XLC\n"
    read = load(tmp_path, text + rows)
    assert [item.owner for item in read.instruments] == ["a", "b"]
    assert read.instruments[1].stated is not None
    assert read.instruments[1].stated.value == 1000.0
    assert read.instruments[0].proxy == "XLC"
    assert read.instruments[0].spec.issuer == "829933100"
