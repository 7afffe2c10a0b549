"""Which rules of a policy cannot hold together: one irreducible conflict, found by deletion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Holds = Callable[[frozenset[str]], bool]
"""Tells whether the rules of a set can hold together; it must not turn false to true as rules are added."""


def minimal_conflict(rules: Sequence[str], holds: Holds) -> tuple[str, ...]:
    """Return rules that cannot hold together though all but any one of them can; `rules` as a whole cannot.

    The deletion filter: rules are left out block by block where the others still conflict. A rule that turns
    out to be needed stays needed, because fewer rules never conflict more. Rules written late are left out
    last, so that what a user has added is more likely to be in the conflict than what the policy always says.

    Parameters
    ----------
    rules
        Names in the order in which leaving them out is tried.

    Returns
    -------
    tuple of str
        In the order of `rules`; empty where not even no rule at all can hold.

    References
    ----------
    Chinneck, J. W. (2008), Feasibility and Infeasibility in Optimization, section 6.2: deletion filter.

    Examples
    --------
    >>> minimal_conflict("abcdef", lambda kept: not {"b", "e"} <= kept)
    ('b', 'e')
    """
    kept = list(rules)
    place, block = 0, max(1, len(kept) // 2)
    while place < len(kept):
        block = min(block, len(kept) - place)
        shorter = kept[:place] + kept[place + block :]
        if not holds(frozenset(shorter)):
            kept = shorter
        elif block > 1:
            block = -(-block // 2)
        else:
            place += 1
            block = max(1, (len(kept) - place) // 2)
    return tuple(kept)


def separate_conflicts(rules: Sequence[str], holds: Holds) -> tuple[tuple[str, ...], ...]:
    """Return minimal conflicts without a rule in common, until the rules left over can hold together.

    Examples
    --------
    >>> clash = lambda kept: {"a", "b"} <= kept or {"c", "d"} <= kept
    >>> separate_conflicts("abcd", lambda kept: not clash(kept))
    (('c', 'd'), ('a', 'b'))
    """
    found: list[tuple[str, ...]] = []
    left = list(rules)
    while not holds(frozenset(left)):
        conflict = minimal_conflict(left, holds)
        found.append(conflict)
        if not conflict:
            break
        left = [rule for rule in left if rule not in conflict]
    return tuple(found)
