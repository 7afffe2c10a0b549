"""Likely meanings of unknown names, while a list of problems is short enough for anyone to read them."""

from __future__ import annotations

from collections.abc import Iterable

from stresstest.errors import ProblemList, nearest

_LONGEST_LIST = 50


def suggestion(name: str, known: Iterable[str], problems: ProblemList) -> str:
    """Return the known name nearest to `name`, or nothing once `problems` holds 50.

    A search costs milliseconds in a market of thousands of names: a wrong table of 5,000 rows took minutes.
    """
    return nearest(name, known) if len(problems) < _LONGEST_LIST else ""
