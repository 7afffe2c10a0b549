"""Columns as numbers of their distinct values: what tables of millions of rows are checked and grouped by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt

from stresstest.arrays import FloatArray, IntArray

TextArray: TypeAlias = npt.NDArray[np.object_]
Codes: TypeAlias = npt.NDArray[np.integer]

_LARGEST_KEY = 1 << 62


@dataclass(frozen=True, slots=True)
class CodedTexts:
    """A column of texts, each distinct text held once.

    Attributes
    ----------
    codes
        Row of `values` for each row of the table `(n_rows,)`, in the smallest unsigned type that holds it:
        most columns of a position table have few distinct texts, and 2,000,000 rows of them take 2 MB.
    values
        The distinct texts `(n_values,)`; blank is the empty string.
    """

    codes: Codes
    values: TextArray

    @property
    def dtype(self) -> np.dtype[np.object_]:
        """Type of the column's elements."""
        return self.values.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the column `(n_rows,)`."""
        return self.codes.shape

    def texts(self) -> TextArray:
        """Return the text of each row `(n_rows,)`."""
        return self.values[self.codes]

    def text(self, row: int) -> str:
        """Return the text of one row."""
        return str(self.values[self.codes[row]])

    def tolist(self) -> list[str]:
        """Return the text of each row."""
        return cast(list[str], self.texts().tolist())

    def rows_of(self, value: int) -> IntArray:
        """Return the rows, ascending, that hold the distinct text number `value`."""
        return np.flatnonzero(self.codes == value).astype(np.int64, copy=False)

    def code(self, text: str) -> int:
        """Return the number of a text, −1 where no row holds it."""
        return next((number for number, value in enumerate(self.values) if value == text), -1)

    def take(self, rows: IntArray) -> CodedTexts:
        """Return the same column at `rows`."""
        return CodedTexts(self.codes[rows], self.values)


def smallest(codes: npt.NDArray[np.integer], n_values: int) -> Codes:
    """Return `codes` in the smallest unsigned type that holds `n_values` numbers."""
    return codes.astype(np.min_scalar_type(max(n_values - 1, 0)), copy=False)


def code_texts(texts: TextArray) -> CodedTexts:
    """Return a text column coded, its distinct values in the order of their first rows."""
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(text, len(numbers)) for text in texts.tolist()]
    values = np.array(list(numbers), dtype=object)
    return CodedTexts(smallest(np.array(codes, dtype=np.int64), len(values)), values)


def code_numbers(values: FloatArray) -> tuple[Codes, FloatArray]:
    """Return the codes of a number column `(n_rows,)` and its distinct values; NaN is the first of them."""
    stated = np.flatnonzero(~np.isnan(values))
    distinct, inverse = np.unique(values[stated], return_inverse=True)
    codes = np.zeros(values.shape[0], dtype=np.int64)
    codes[stated] = inverse + 1
    return smallest(codes, len(distinct) + 1), np.concatenate([[np.nan], distinct])


@dataclass(frozen=True, slots=True)
class Distinct:
    """Rows by what they hold.

    Attributes
    ----------
    first
        First row of each distinct content `(n_distinct,)`, ascending.
    number
        For each row the content that it holds `(n_rows,)`: a row of `first`.
    """

    first: IntArray
    number: IntArray


def distinct_rows(columns: Sequence[tuple[Codes, int]], n_rows: int) -> Distinct:
    """Return which rows hold the same in all of `columns`, in the order of their first rows.

    Parameters
    ----------
    columns
        Codes `(n_rows,)` of each column, and the number of values that they count.

    Examples
    --------
    >>> found = distinct_rows([(np.array([1, 0, 1]), 2), (np.array([0, 0, 0]), 1)], 3)
    >>> found.first.tolist(), found.number.tolist()
    ([0, 1], [0, 1, 0])
    """
    key = np.zeros(n_rows, dtype=np.int64)
    size = 1
    for codes, n_values in columns:
        if n_values <= 1:
            continue
        if size * n_values > _LARGEST_KEY:
            distinct, key = np.unique(key, return_inverse=True)
            size = len(distinct)
        key = key * n_values + codes
        size *= n_values
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Distinct(first[order].astype(np.int64, copy=False), place[inverse])
