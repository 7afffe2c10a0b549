"""Exception tree and the list of problems that a bad input gives, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Location:
    """Where a value was written: file as the user named it, line and column counted from 1 (0: unknown)."""

    file: str = ""
    line: int = 0
    column: int = 0


NOWHERE = Location()
"""Of a value that was not read from a file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: a code, what was got, what was expected, the nearest valid thing.

    `field` is the field of the contract terms at fault where the finder knows it and not yet its place.

    Examples
    --------
    >>> Problem("ST151", "unit 'bps'", "one of bp, %", Location("a.yaml", 3, 9), "bp").format()
    "a.yaml:3:9: error[ST151] unit 'bps'; expected one of bp, %; did you mean 'bp'?"
    """

    code: str
    got: str
    expected: str = ""
    location: Location = NOWHERE
    suggestion: str = ""
    field: str = ""

    def format(self) -> str:
        """Return the problem as one line: `FILE:LINE:COL: error[CODE] got; expected …; did you mean …?`."""
        where = ""
        if self.location.file:
            where = self.location.file
            if self.location.line:
                where += f":{self.location.line}:{self.location.column}"
            where += ": "
        text = f"{where}error[{self.code}] {self.got}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f"; did you mean {self.suggestion!r}?"
        return text

    def at(self, location: Location) -> Problem:
        """Return the same problem at `location`."""
        return replace(self, location=location)

    def to_dict(self) -> dict[str, str | int]:
        """Return the problem as the object that `--json` prints on standard error."""
        return {
            "code": self.code,
            "file": self.location.file,
            "line": self.location.line,
            "column": self.location.column,
            "got": self.got,
            "expected": self.expected,
            "suggestion": self.suggestion,
        }


class StressTestError(Exception):
    """Root of every error that this package raises on purpose."""


class InputError(StressTestError):
    """Bad input: holds every problem found in one pass. Nothing was computed, nothing written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.format() for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Let the error cross a process border with its problems."""
        return type(self), (self.problems,)


class ModelError(StressTestError):
    """The model could not value something that the input allowed."""


class ResourceError(StressTestError):
    """A resource gave out: memory cap, disk, lock, time limit."""


class ProblemList:
    """Collects problems so that a user sees all of them at once.

    Examples
    --------
    >>> problems = ProblemList()
    >>> problems.add(Problem("ST201", "issuer 'NVDIA'", "an issuer of the market", suggestion="NVDA"))
    >>> len(problems)
    1
    """

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """Add one problem."""
        self._problems.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        self._problems.extend(problems)

    def raise_if_any(self) -> None:
        """Raise `InputError` with all problems, if any: once each, by file and line."""
        if self._problems:
            files = {problem.location.file: place for place, problem in enumerate(self._problems[::-1])}

            def place(problem: Problem) -> tuple[int, bool, int, int]:
                where = problem.location
                return -files[where.file], where.line == 0, where.line, where.column

            raise InputError(sorted(dict.fromkeys(self._problems), key=place))

    def __len__(self) -> int:
        return len(self._problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._problems)


_SHORTEST_PART = 3
_CUTOFF = 0.6
_CROWDED_CUTOFF = 0.75
"""Likeness from which a name is suggested, and that from which a short one of many is: of a ticker no more
than one letter in four may differ, as they lie close together and a wrong one is worse than none."""

_SHORT = 5
_MANY = 50


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate nearest to `name` in spelling, ignoring case, or an empty string.

    Where none is near, the one candidate of which `name` begins a word: `worst` of `worst_of_factor`.
    """
    by_folded: dict[str, str] = {}
    for candidate in candidates:
        by_folded.setdefault(candidate.casefold(), candidate)
    crowded = len(name) <= _SHORT and len(by_folded) > _MANY
    cutoff = _CROWDED_CUTOFF if crowded else _CUTOFF
    found = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=cutoff)
    if found:
        return by_folded[found[0]]
    part = name.casefold()
    whole = [
        known for known in by_folded if any(word.startswith(part) for word in (known, *known.split("_")))
    ]
    return by_folded[whole[0]] if len(whole) == 1 and len(part) >= _SHORTEST_PART else ""
