"""The preference stack as a piecewise linear payoff: which part of each further unit of equity a class gets.

A distribution is written by x, what one common share receives. Preferences are paid first, by rank; then x
rises from 0, and each class takes what its terms give at x: m·x once converted into m common shares,
max(L, m·x) without participation, L + m·x with it, max(min(L + m·x, cap), m·x) with a cap. The sum of all
classes rises with x, so that equity fixes x; between the x at which somebody converts or stops
participating everything is linear. These are the break points of the AICPA's guide, Valuation of
Privately-Held-Company Equity Securities Issued as Compensation (2013), chapters 6 to 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from math import fsum, inf
from typing import NamedTuple

from stresstest.instruments.private_stake.spec import ShareClassSpec


class Tranche(NamedTuple):
    """Equity above `strike` gives the class `slope` more of each unit; strikes rise, the first is 0."""

    strike: float
    slope: float


class _Segment(NamedTuple):
    """Equity from `start` on: the part of each unit that the class gets."""

    start: float
    share: float


def tranches(stack: Sequence[ShareClassSpec], held: str) -> list[Tranche]:
    """Return the payoff of all shares of the class `held` as a sum of calls on the equity.

    payoff(E) = Σ slope·max(E − strike, 0).

    Parameters
    ----------
    stack
        Every class, at least one.
    """
    segments = [*_preference_segments(stack, held), *_sharing_segments(stack, held)]
    found, before = [], 0.0
    for segment in segments:
        if segment.share != before:
            found.append(Tranche(segment.start, segment.share - before))
            before = segment.share
    return found


def _preference_segments(stack: Sequence[ShareClassSpec], held: str) -> list[_Segment]:
    segments, start = [], 0.0
    preferred = sorted((item for item in stack if item.preference > 0.0), key=lambda item: item.seniority)
    for _, rank in groupby(preferred, key=lambda item: item.seniority):
        members = list(rank)
        total = fsum(item.preference for item in members)
        share = fsum(item.preference for item in members if item.name == held) / total
        segments.append(_Segment(start, share))
        start += total
    return segments


def _sharing_segments(stack: Sequence[ShareClassSpec], held: str) -> list[_Segment]:
    start = fsum(item.preference for item in stack)
    knots = sorted({0.0, *(knot for item in stack for knot in _knots(item))})
    segments = []
    for low, high in pairwise([*knots, inf]):
        sharing = [item for item in stack if _shares_between(item, low, high)]
        total = fsum(_converted(item) for item in sharing)
        if total == 0.0:
            continue  # nobody takes more before the next class converts: equity does not grow meanwhile
        part = fsum(_converted(item) for item in sharing if item.name == held)
        segments.append(_Segment(start, part / total))
        start += (high - low) * total
    return segments


def _converted(item: ShareClassSpec) -> float:
    return item.shares * item.conversion


def _knots(item: ShareClassSpec) -> tuple[float, ...]:
    """Return each x at which the class begins or ceases to share."""
    if item.participation == "none":
        return (item.preference / _converted(item),)
    if item.cap_multiple is None:
        return ()
    cap = item.cap_multiple * item.invested
    return (cap - item.preference) / _converted(item), cap / _converted(item)


def _shares_between(item: ShareClassSpec, low: float, high: float) -> bool:
    if item.participation == "full":
        return True
    knots = _knots(item)
    return low >= knots[-1] or (item.participation == "capped" and high <= knots[0])


def as_common(stack: Sequence[ShareClassSpec], held: str) -> list[ShareClassSpec]:
    """Return the stack in which the class `held` has lost its preference (pay to play)."""
    return [
        ShareClassSpec(name=item.name, shares=item.shares, conversion=item.conversion)
        if item.name == held
        else item
        for item in stack
    ]


def part_of_class(stack: Sequence[ShareClassSpec], held: str, ownership: float) -> float:
    """Return the part of the class that `ownership` of the company, all classes converted, amounts to."""
    (own,) = (item for item in stack if item.name == held)
    return ownership * fsum(_converted(item) for item in stack) / _converted(own)
