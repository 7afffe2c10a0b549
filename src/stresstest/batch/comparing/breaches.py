"""Breaches of limits that one of two runs only has."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.batch.reading.run_folder import RunFolder


class RunBreach(NamedTuple):
    """A limit that a run breaches at a level, and the worst scenario that it covers.

    `covers` is a scenario or `any`; `loss` and `max_loss` are parts of what the limit is `of`.
    """

    portfolio: str
    limit: str
    covers: str
    of: str
    level: str
    scenario: str
    loss: float
    max_loss: float

    @property
    def key(self) -> tuple[str, ...]:
        """What it is found by in another run: not by the scenario that is its worst."""
        return self.portfolio, self.limit, self.covers, self.of, self.level


def breaches_of(run: RunFolder) -> dict[tuple[str, ...], RunBreach]:
    """Return the breaches of a run by their keys, in order."""
    columns = run.table("breaches", list(RunBreach._fields)).to_pydict()
    rows = zip(*(columns[name] for name in RunBreach._fields), strict=True)
    return {breach.key: breach for breach in sorted(map(RunBreach._make, rows))}


def only_in(
    these: dict[tuple[str, ...], RunBreach], others: dict[tuple[str, ...], RunBreach]
) -> tuple[RunBreach, ...]:
    """Return the breaches of one run that another lacks."""
    return tuple(breach for key, breach in these.items() if key not in others)
