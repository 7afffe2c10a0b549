"""What is wrong with rows of a position table, kept by what is wrong rather than row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stresstest.arrays import BoolArray
from stresstest.errors import Location, Problem, ProblemList
from stresstest.io.files import MAX_PROBLEMS
from stresstest.io.tables import Table, more_cells


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one or more rows.

    Attributes
    ----------
    rows
        Rows of the table that have it, ascending.
    column
        Column of the cell at fault.
    problem
        Without a place.
    shared
        Whether the rows hold the same terms: then a list of problems names the first row only.
    """

    rows: npt.NDArray[np.integer]
    column: str
    problem: Problem
    shared: bool = False


class RowFaults:
    """Collects what is wrong with the rows of a table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._found: list[Fault] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, row: int, column: str, problem: Problem) -> None:
        """Add a problem of the cell of one row."""
        self._found.append(Fault(np.array([row]), column, problem))

    def add_all(self, rows: npt.NDArray[np.integer], column: str, problem: Problem) -> None:
        """Add the same problem to cells of several rows, where there are any."""
        if len(rows):
            self._found.append(Fault(rows, column, problem))

    def add_terms(self, rows: npt.NDArray[np.integer], problems: Iterable[Problem]) -> None:
        """Add problems of terms that rows share; the line of a problem's place is its column's number."""
        columns = list(self.table.columns)
        for problem in problems:
            column = columns[problem.location.line - 1]
            self._found.append(Fault(rows, column, problem.at(Location()), shared=True))

    def bad(self) -> BoolArray:
        """Return which rows have a fault `(n_rows,)`."""
        found = np.zeros(self.table.n_rows, dtype=np.bool_)
        for fault in self._found:
            found[fault.rows] = True
        return found

    def raise_if_any(self) -> None:
        """Raise `InputError` with every problem and its place, of one column at most 200.

        A problem of terms is placed at the first row that has them.
        """
        problems = ProblemList()
        for column in dict.fromkeys(fault.column for fault in self._found):
            listed = list(self._listed(column))
            problems.extend(listed[:MAX_PROBLEMS])
            if len(listed) > MAX_PROBLEMS:
                more = more_cells(len(listed) - MAX_PROBLEMS, column)
                problems.add(more.at(Location(self.table.file)))
        problems.raise_if_any()

    def _listed(self, column: str) -> Iterator[Problem]:
        for fault in self._found:
            if fault.column == column:
                for row in fault.rows[:1] if fault.shared else fault.rows:
                    yield fault.problem.at(self.table.location(int(row), column))

    def by_row(self) -> dict[int, tuple[Problem, ...]]:
        """Return the problems of each row at fault, ascending, each placed in that row."""
        found: dict[int, list[Problem]] = {row: [] for row in np.flatnonzero(self.bad()).tolist()}
        for fault in self._found:
            for row in fault.rows.tolist():
                found[row].append(fault.problem.at(self.table.location(row, fault.column)))
        return {row: tuple(dict.fromkeys(problems)) for row, problems in found.items()}
