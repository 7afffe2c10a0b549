"""Break-points for readers: many of one kind as one line, the first of them in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.measures.break_points.record import BreakPoint

LISTED_APART = 3
"""Break-points of one kind that are shown one by one; more of them make one line."""


class Group(NamedTuple):
    """Break-points of one portfolio that say the same of different positions, in order of the axis."""

    members: tuple[BreakPoint, ...]

    @property
    def first(self) -> BreakPoint:
        """The first on the axis."""
        return self.members[0]

    @property
    def last(self) -> BreakPoint:
        """The last on the axis."""
        return self.members[-1]


def groups(found: Sequence[BreakPoint]) -> tuple[Group, ...]:
    """Return the break-points of one portfolio in groups, by the first of each.

    Examples
    --------
    >>> strikes = [BreakPoint("book", "strike", "comes into the money", str(n), 0.1 * n) for n in range(5)]
    >>> [len(group.members) for group in groups(strikes)]
    [5]
    >>> [len(group.members) for group in groups(strikes[:2])]
    [1, 1]
    """
    alike: dict[tuple[str, str], list[BreakPoint]] = {}
    for item in sorted(found, key=lambda item: item.x):
        alike.setdefault((item.kind, item.what), []).append(item)
    made = [
        Group(tuple(part))
        for some in alike.values()
        for part in ([some] if len(some) > LISTED_APART else [[item] for item in some])
    ]
    return tuple(sorted(made, key=lambda group: group.first.x))
