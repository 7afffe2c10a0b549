"""Tables: CSV, Parquet and Excel give the same columns, places and problems."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stresstest.errors import InputError, ProblemList
from stresstest.io.tables import Table, read_table, shortest_text


def table_of(folder: Path, content: str | bytes) -> Table:
    source = folder / "a.csv"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(source, file="a.csv")


def columns(table: Table) -> dict[str, list[object]]:
    return {name: values.tolist() for name, values in table.columns.items()}


def test_csv_keeps_text_as_it_is(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,code,n\nNA,00700,1\nTRUE,1e5,\nnull,'x', 2\n")
    assert columns(table) == {
        "id": ["NA", "TRUE", "null"],
        "code": ["00700", "1e5", "'x'"],
        "n": ["1", "", " 2"],
    }
    assert table.n_rows == 3


def test_csv_accepts_mark_line_ends_blank_lines_and_a_missing_last_line_end(tmp_path: Path) -> None:
    for content in ("\ufeffid,n\r\na,1\r\n\r\n,\r\nb,2", "id,n\ra,1\r\r,\rb,2\r", "id,n\na,1\n\n,\nb,2\n"):
        table = table_of(tmp_path, content)
        assert columns(table) == {"id": ["a", "b"], "n": ["1", "2"]}
        assert (table.location(1, "n").line, table.location(1, "n").column) == (5, 3)


def test_csv_header_alone(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,n\n")
    assert table.n_rows == 0
    assert columns(table) == {"id": [], "n": []}
    assert table.numbers("n", ProblemList()).shape == (0,)


def test_csv_quotes_and_places(tmp_path: Path) -> None:
    table = table_of(tmp_path, '"id",n\n"a ""b""\nc",1\n"d,e",x\nf"g,2\n')
    assert columns(table)["id"] == ['a "b"\nc', "d,e", 'f"g']
    places = [
        (table.location(row, name).line, table.location(row, name).column)
        for row in range(-1, 3)
        for name in ["id", "n"]
    ]
    assert places == [(1, 1), (1, 6), (2, 1), (3, 4), (4, 1), (4, 7), (5, 1), (5, 5)]


cells = st.text(st.sampled_from(list('ab1,"; \n\té€\U0001f600\u2028')), max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), max_size=8)))
def test_csv_round_trip_and_every_cell_is_found(tmp_path: Path, rows: list[list[str]]) -> None:
    rows = [row for row in rows if any(row)]
    names = [f"c{number}" for number in range(len(rows[0]) if rows else 2)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([names, *rows])
    text = stream.getvalue()
    table = table_of(tmp_path, text)
    assert list(map(list, zip(*columns(table).values(), strict=True))) == rows
    lines = text.split("\n")
    for number, row in enumerate(rows):
        for name, cell in zip(names, row, strict=True):
            place = table.location(number, name)
            written = "\n".join(lines[place.line - 1 :])[place.column - 1 :]
            quoted = '"' + cell.replace('"', '""') + '"'
            assert written.startswith((quoted, cell))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100) | st.text(st.sampled_from('a1,;"\n\r\t'), max_size=60).map(str.encode))
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    source = tmp_path / f"a{suffix}"
    source.write_bytes(content)
    try:
        assert isinstance(read_table(source), Table)
    except InputError as error:
        assert error.problems


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.integers(0, 10**9), st.integers(0, 255))
@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_a_damaged_binary_file_is_a_table_or_refused(
    tmp_path: Path, suffix: str, place: int, byte: int
) -> None:
    source = tmp_path / f"good{suffix}"
    if not source.exists():
        if suffix == ".parquet":
            pq.write_table(pa.table({"id": ["a", "b"], "n": [1.0, 2.0]}), source)
        else:
            workbook = openpyxl.Workbook()
            workbook.active.append(["id", "n"])
            workbook.active.append(["a", 1])
            workbook.save(source)
    content = bytearray(source.read_bytes())
    content[place % len(content)] = byte
    damaged = tmp_path / f"damaged{suffix}"
    damaged.write_bytes(content)
    try:
        assert isinstance(read_table(damaged), Table)
    except InputError as error:
        assert error.problems


def test_numbers_of_a_csv(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,n,m\na,1,1\nb,40_000,\nc,-2.5e-3,x\n")
    problems = ProblemList()
    assert table.numbers("n", problems).tolist() == [1.0, 40000.0, -0.0025]
    assert len(problems) == 0
    optional = table.numbers("m", problems, required=False)
    assert np.isnan(optional).tolist() == [False, True, True]
    assert [problem.format() for problem in problems] == [
        "a.csv:4:11: error[ST155] text 'x'; expected a number with a decimal point"
    ]


def test_missing_columns(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,qantity\na,1\n")
    problems = ProblemList()
    assert np.isnan(table.numbers("quantity", problems)).all()
    assert np.isnan(table.numbers("price", problems, required=False)).all()
    assert table.texts("name").tolist() == [""]
    assert [problem.format() for problem in problems] == [
        "a.csv:1:4: error[ST140] header without 'quantity'; expected a column 'quantity' "
        "(is 'qantity' meant to be it?)"
    ]


@pytest.mark.parametrize("multiline", [True, False])
def test_places_hold_over_chunks_of_rows(tmp_path: Path, multiline: bool) -> None:
    lines, expected = ["id,n"], []
    for number in range(2000):
        if number % 7 == 0:
            lines.append("")
        expected.append(len(lines) + 1)
        lines.extend(['"a', f'b",{number}'] if multiline and number % 3 == 0 else [f"a,{number}"])
    table = table_of(tmp_path, "\n".join(lines))
    assert table.numbers("n", ProblemList()).tolist() == list(range(2000))
    assert [table.location(row, "id").line for row in range(2000)] == expected


def test_problems_of_rows_are_located_and_limited(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        table_of(tmp_path, "id,n\n" + "a,1\n" * 1000 + "a\n" * 300)
    problems = caught.value.problems
    assert [problem.location.line for problem in problems[:200]] == list(range(1002, 1202))
    assert problems[200].got == "100 more rows like these"


def test_problems_of_one_column_are_limited(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,n\n" + "a,x\n" * 1000)
    problems = ProblemList()
    table.numbers("n", problems)
    assert len(problems) == 201
    assert list(problems)[-1].got == "800 more cells like these in column 'n'"


def test_rows_are_cells_for_specs(tmp_path: Path) -> None:
    assert table_of(tmp_path, "id,n\na,1\nb,\n").row(1) == {"id": "b", "n": ""}


def test_columns_cannot_be_changed(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id\na\n")
    with pytest.raises(ValueError, match="read-only"):
        table.columns["id"][0] = "b"


def test_parquet_types(tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    types = {
        "text": pa.array(["NA", None, "007"]),
        "large": pa.array(["a", "b", None], pa.large_string()),
        "category": pa.array(["x", None, "x"]).dictionary_encode(),
        "number": pa.array([0.1, None, 3.0]),
        "single": pa.array([0.5, None, 3.0], pa.float32()),
        "integer": pa.array([7203, None, -1]),
        "long": pa.array([2**60, 1, None]),
        "decimal": pa.array([Decimal("1.25"), None, Decimal("0.10")]),
        "day": pa.array([date(2025, 10, 3), None, date(2026, 1, 16)]),
        "moment": pa.array([datetime(2025, 10, 3, 12), None, None]),  # noqa: DTZ001 (files hold naive times)
        "midnight": pa.array([datetime(2025, 10, 3), None, None]),  # noqa: DTZ001
        "flag": pa.array([True, None, False]),
        "nothing": pa.nulls(3),
    }
    pq.write_table(pa.table(types), source)
    table = read_table(source)
    assert {name: table.texts(name).tolist() for name in types} == {
        "text": ["NA", "", "007"],
        "large": ["a", "b", ""],
        "category": ["x", "", "x"],
        "number": ["0.1", "", "3"],
        "single": ["0.5", "", "3"],
        "integer": ["7203", "", "-1"],
        "long": [str(2**60), "1", ""],
        "decimal": ["1.25", "", "0.1"],
        "day": ["2025-10-03", "", "2026-01-16"],
        "moment": ["2025-10-03T12:00:00", "", ""],
        "midnight": ["2025-10-03", "", ""],
        "flag": ["true", "", "false"],
        "nothing": ["", "", ""],
    }
    assert table.columns["number"].dtype == np.float64
    assert table.numbers("decimal", ProblemList(), required=False)[0] == 1.25
    assert table.location(0, "large").line == 1
    assert table.location(0, "large").column == 2


def test_excel_types(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([])
    sheet.append(["id", "n", "mixed", "day"])
    sheet.append(["NA", 1, "x", date(2026, 1, 16)])
    sheet.append([])
    sheet.append([7203, 2.5, 3, None])
    workbook.save(source)
    table = read_table(source)
    assert columns(table) == {
        "id": ["NA", "7203"],
        "n": [1.0, 2.5],
        "mixed": ["x", "3"],
        "day": ["2026-01-16", ""],
    }
    assert (table.location(1, "n").line, table.location(1, "n").column) == (5, 2)
    assert table.location(-1, "id").line == 2


def test_excel_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(source)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"pip install 'stresstest\[xlsx\]'"):
        read_table(source)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (-0.5, "-0.5"), (0.1, "0.1"), (1e20, "1e+20"), (np.nan, "")]
)
def test_shortest_text(value: float, text: str) -> None:
    assert shortest_text(value) == text


def test_small_tables_load_neither_pyarrow_nor_openpyxl(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("id,n\na,1\n", encoding="utf-8")
    code = (
        "import sys, pathlib; from stresstest.io.tables import read_table;"
        "read_table(pathlib.Path(sys.argv[1]));"
        "print([m for m in ('pydantic', 'yaml', 'pyarrow', 'openpyxl', 'pandas') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(source)], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


MILLION = """
import pathlib, sys, time
from stresstest.errors import ProblemList
from stresstest.io.tables import read_table
start, problems = time.perf_counter(), ProblemList()
table = read_table(pathlib.Path(sys.argv[1]))
total = table.numbers("quantity", problems).sum() + table.numbers("price", problems).sum()
seconds = time.perf_counter() - start
places = [table.location(999_999, "price") for _ in range(1000)]
print(table.n_rows, int(total), len(problems), places[0].line, places[0].column)
# Not ru_maxrss: it keeps the size of the process that started this one.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(seconds, int(peak.split()[1]) / 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its memory as Linux tells it")
def test_a_million_rows_in_seconds_and_under_a_gigabyte(tmp_path: Path) -> None:
    source = tmp_path / "million.csv"
    rows = (
        f"position{number},equity,NVDA{number % 500},{number}.25,{number % 97}.5\n"
        for number in range(1_000_000)
    )
    source.write_text("id,type,issuer,quantity,price\n" + "".join(rows), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-c", MILLION, str(source)], capture_output=True, text=True, check=True
    )
    facts, costs = result.stdout.splitlines()
    total = sum(n + 0.25 + n % 97 + 0.5 for n in range(1_000_000))
    assert facts == f"1000000 {int(total)} 0 1000001 41"
    seconds, mebibytes = map(float, costs.split())
    assert seconds < 20.0  # about 2 on an idle core
    assert mebibytes < 1000.0
