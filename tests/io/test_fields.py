"""Field types: what each takes, what each refuses, and rows of cells through the same models."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from stresstest.errors import InputError, Location, ProblemList
from stresstest.io.cells import values_from_cells
from stresstest.io.document import DataPath
from stresstest.io.field_docs import add_descriptions
from stresstest.io.fields import (
    Currency,
    Date,
    Identifier,
    Items,
    Name,
    Number,
    Percentage,
    PositiveNumber,
    Spec,
    TenorField,
    spec_from_cells,
)
from stresstest.quantity import Tenor


class Everything(Spec):
    number: Number = 0.0
    positive: PositiveNumber = 1.0
    percentage: Percentage = 0.0
    day: Date = date(2025, 10, 3)
    currency: Currency = "USD"
    name: Name = "a"
    identifier: Identifier = "A"
    tenor: TenorField | None = None
    whole: int = 0
    flag: bool = False
    frequency: Literal[1, 2, 4] = 2
    right: Literal["call", "put"] = "call"
    optional: PositiveNumber | None = None
    text: str = ""
    many: Items[Number] = ()


ACCEPTED: list[tuple[str, Any, Any]] = [
    ("number", -5, -5.0),
    ("number", 1e18, 1e18),
    ("positive", 1e-12, 1e-12),
    ("percentage", "9.25%", 0.0925),
    ("percentage", "-100%", -1.0),
    ("day", date(2024, 2, 29), date(2024, 2, 29)),
    ("day", "2024-02-29", date(2024, 2, 29)),
    ("currency", "JPY", "JPY"),
    ("name", "berkshire_13f_2025q2", "berkshire_13f_2025q2"),
    ("identifier", "BRK.B", "BRK.B"),
    ("identifier", "Münchener Rück", "Münchener Rück"),
    ("identifier", "CRWV#crwv-2030", "CRWV#crwv-2030"),
    ("tenor", "18M", Tenor("18M", 1.5, months=18)),
    ("many", [1, 2.5], (1.0, 2.5)),
    ("many", (1,), (1.0,)),
]
REFUSED: list[tuple[str, Any]] = [
    *[("number", value) for value in (True, "12", None, float("nan"), float("inf"), 10**400, [1], "1,5")],
    *[("positive", value) for value in (0, -1.0, "1", False)],
    *[("percentage", value) for value in (0.0925, 9, "9.25", "9,25%", True, None)],
    *[("day", value) for value in ("2026/11/22", "2026-02-30", 20261122, datetime.now(UTC), None)],
    *[("currency", value) for value in ("usd", "US", "USDX", "U$D", 1, None, "ＵＳＤ")],
    *[("name", value) for value in ("A", "a-b", "1a", "", "a" * 65, "a/b", "../a", "é", None)],
    *[("identifier", value) for value in ("", " A", "A ", "a/b", "a\n", "\x1b[0m", "\u202eb", "x" * 65, 7)],
    *[("tenor", value) for value in ("5y", 5, "", "5", date(2026, 1, 1))],
    *[("many", value) for value in ("12", {"a": 1}, ["1"], 5)],
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "kept"), ACCEPTED)
def test_accepted(field: str, value: object, kept: object) -> None:
    got = getattr(Everything.model_validate({field: value}), field)
    assert got == kept
    assert type(got) is type(kept)


@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Everything.model_validate({field: value})


CELLS: list[tuple[str, str, Any]] = [
    ("number", "-1_000.5", -1000.5),
    ("number", "1e-4", 1e-4),
    ("percentage", "9.25%", 0.0925),
    ("day", "2026-01-16", date(2026, 1, 16)),
    ("tenor", "5Y", Tenor("5Y", 5.0, months=60)),
    ("whole", "7", 7),
    ("flag", "true", True),
    ("frequency", "4", 4),
    ("right", "put", "put"),
    ("optional", "2.5", 2.5),
    ("identifier", "7203", "7203"),
    ("identifier", "true", "true"),
    ("identifier", "2026-01-16", "2026-01-16"),
    ("text", "1e5", "1e5"),
    ("text", "00700", "00700"),
]


@pytest.mark.parametrize(("field", "cell", "kept"), CELLS)
def test_a_cell_is_read_by_the_type_of_its_field(field: str, cell: str, kept: object) -> None:
    spec = spec_from_cells(Everything, {field: cell, "number" if field != "number" else "text": ""})
    assert spec is not None
    got = getattr(spec, field)
    assert got == kept
    assert type(got) is type(kept)


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        *[("number", cell) for cell in ("1,5", "nan", "inf", "010", "1e309", "true", "2026-01-16", "x")],
        *[("percentage", cell) for cell in ("9.25", "0.0925", "9,25%")],
        *[("whole", cell) for cell in ("1.0", "1e3", "x", "true")],
        *[("flag", cell) for cell in ("True", "yes", "1")],
        ("frequency", "3"),
        ("day", "16.01.2026"),
        ("right", "Put"),
    ],
)
def test_a_cell_of_another_kind_is_refused(field: str, cell: str) -> None:
    with pytest.raises(InputError) as caught:
        spec_from_cells(Everything, {field: cell})
    assert len(caught.value.problems) == 1


def test_blank_cells_are_absent_fields() -> None:
    assert values_from_cells(Everything, {"number": "", "text": "", "whole": "3"}) == {"whole": 3}


def test_problems_of_cells_are_located_and_collected() -> None:
    def locate(path: DataPath, key: bool = False) -> Location:
        return Location("a.csv", 1 if key else 7, ["number", "nonsense"].index(str(path[0])) + 1)

    problems = ProblemList()
    assert spec_from_cells(Everything, {"number": "x", "nonsense": "1"}, locate, problems) is None
    assert [problem.format()[:24] for problem in problems] == [
        "a.csv:1:2: error[ST150] ",
        "a.csv:7:1: error[ST152] ",
    ]


def test_field_docstrings_are_descriptions() -> None:
    class Documented(Spec):
        strike: PositiveNumber
        """Strike price."""

    add_descriptions(Documented)
    assert Documented.model_fields["strike"].description == "Strike price."
