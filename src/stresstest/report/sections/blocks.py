"""What sections are made of: prose, facts, tables, figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Cell(NamedTuple):
    """Text of a cell.

    Attributes
    ----------
    tone
        `loss`, `gain`, `alarm`, `good`, `aside` or nothing.
    size
        Of a bar behind the number, in [−1, 1], or of the heat of the cell.
    """

    text: str
    tone: str = ""
    size: float | None = None


class Column(NamedTuple):
    """Head of a column; numbers stand flush right."""

    title: str
    is_number: bool = False


Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row names it.

    Attributes
    ----------
    kind
        `plain`, `bars` where numbers have bars, or `heat` where cells have heat.
    folded
        Whether a page may show the title only, until it is asked for the rest.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    kind: str = "plain"
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of `data` by the chart called `kind`, with its title and what it shows in a sentence."""

    kind: str
    title: str
    description: str
    data: object


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, or a list of them; `tone` as of `Cell`."""

    paragraphs: tuple[str, ...]
    tone: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Small tables that stand side by side where there is room."""

    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure with the table of its numbers."""

    figure: Figure
    table: Table


Block: TypeAlias = Table | Figure | Prose | Facts | Group | Beside


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes
    ----------
    anchor
        Within the page, unique.
    scope
        Horizon, portfolio, scenario that its numbers are of.
    is_not
        What its numbers are not.
    """

    anchor: str
    title: str
    scope: str
    is_not: str
    blocks: tuple[Block, ...]


def columns(*titles: str) -> tuple[Column, ...]:
    """Return columns from titles; one that begins with `#` holds numbers."""
    return tuple(Column(title.removeprefix("#"), title.startswith("#")) for title in titles)


def plain_rows(rows: Iterable[Sequence[str | Cell]]) -> tuple[Row, ...]:
    """Return rows of texts as rows of cells."""
    return tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)


def filled(heads: tuple[Column, ...], rows: Iterable[Row]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Return a table without the columns in which every cell is empty."""
    kept_rows = tuple(rows)
    kept = [place for place, _ in enumerate(heads) if any(row[place].text for row in kept_rows)]
    return (
        tuple(heads[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in kept_rows),
    )


def signed(text: str, number: float | None, largest: float = 0.0) -> Cell:
    """Return a number as a cell in the tone of its sign, with a bar where a largest size is given."""
    tone = "" if not number else "loss" if number < 0.0 else "gain"
    size = None if number is None or largest <= 0.0 else max(-1.0, min(1.0, number / largest))
    return Cell(text, tone, size)
