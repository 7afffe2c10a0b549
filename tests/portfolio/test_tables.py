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


WEIGHTS = "id,type,issuer,weight\na,equity,NVDA,50%\nb,equity,AMD,49%\n"
HEAD = "version: 1\nname: p\ncurrency: USD\ntotal: {value: 1000, currency: USD}\npositions: rows.csv\n"


def headed(folder: Path, head: str, table: str = WEIGHTS):
    (folder / "rows.csv").write_text(table, encoding="utf-8")
    (folder / "head.yaml").write_text(head, encoding="utf-8")
    return load_portfolio(folder / "head.yaml")


def test_weights_in_a_bare_table_have_no_total(tmp_path):
    assert problems_of(tmp_path, WEIGHTS)[0].startswith(":2:15: error[ST257] weights without a total")


def test_weights_in_a_table_add_up(tmp_path):
    with pytest.raises(InputError, match=r"head\.yaml:5:1: error\[ST259\] weights add to 99\.000000%"):
        headed(tmp_path, HEAD)
    with pytest.raises(InputError, match="ST257"):
        headed(tmp_path, HEAD.replace("total: {value: 1000, currency: USD}\n", ""))


def test_what_the_weights_of_a_table_leave_is_cash(tmp_path):
    read = headed(tmp_path, HEAD + "remainder: cash\n")
    positions = read.positions
    assert positions.ids == ("a", "b", "remainder")
    assert positions.weight.tolist() == pytest.approx([0.5, 0.49, 0.01])
    assert read.instruments[positions.instrument[2]].tag == "cash"
    assert positions.locate(2, "weight").file.endswith("rows.csv")
    with pytest.raises(InputError, match="ST250"):
        headed(tmp_path, HEAD + "remainder: cash\n", WEIGHTS.replace("\nb,", "\nremainder,"))
