"""Names of the columns of a table: none blank, none twice, comma-separated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stresstest.errors import Location, Problem

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def header_problems(header: Sequence[str], place: Callable[[int], Location]) -> list[Problem]:
    """Return what is wrong with a header; `place` gives the location of the column of a number."""
    if len(header) == 1:
        for separator, name in _OTHER_SEPARATORS.items():
            if separator in header[0]:
                return [Problem("ST135", f"cells separated by {name}", "cells separated by commas", place(0))]
    problems = []
    first: dict[str, int] = {}
    for column, name in enumerate(header):
        if not name.strip():
            problems.append(Problem("ST134", "blank column name", "a name for each column", place(column)))
        elif name != name.strip():
            expected = "a name without blanks around it"
            problems.append(Problem("ST134", f"column {name!r}", expected, place(column), name.strip()))
        elif name in first:
            got = f"column {name!r} a second time (first as column {first[name] + 1})"
            problems.append(Problem("ST133", got, "each column once", place(column)))
        first.setdefault(name, column)
    return problems
