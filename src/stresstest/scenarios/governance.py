"""Who answers for a scenario, a set or a hedge policy: status, owner, approver, and how long it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from stresstest.errors import Location, Problem

STATUSES = ("draft", "challenged", "approved", "retired")
"""How far something has been reviewed; approved is usable as it is, retired is not to be used any more."""


@dataclass(frozen=True, slots=True)
class Validity:
    """First date of the market that a scenario is for; an earlier one is refused, or warned of."""

    first: date
    refuse: bool = True


@dataclass(frozen=True, slots=True)
class Governance:
    """Who answers for a file, and how long it holds.

    Attributes
    ----------
    status
        One of `STATUSES`; empty where nobody said.
    owner
        Who keeps it; empty where nobody said.
    approver, approved_on
        Who approved it, another than the owner, and when.
    valid_until
        Last day on which it holds, or None.
    """

    status: str = ""
    owner: str = ""
    approver: str = ""
    approved_on: date | None = None
    valid_until: date | None = None

    @property
    def is_retired(self) -> bool:
        """Whether it is not to be used any more."""
        return self.status == "retired"

    def is_past(self, day: date) -> bool:
        """Tell whether it no longer holds on `day`."""
        return self.valid_until is not None and day > self.valid_until

    def words(self) -> tuple[str, ...]:
        """Return what is stated, in words: `approved by R. Roe on 2025-11-03`, `owner market risk`."""
        review = self.status
        if self.approver:
            dated = f" on {self.approved_on}" if self.approved_on else ""
            was = "" if self.status == "approved" else ", once approved"
            review += f"{was} by {self.approver}{dated}"
        owner = f"owner {self.owner}" if self.owner else ""
        until = f"valid until {self.valid_until}" if self.valid_until else ""
        return tuple(text for text in (review, owner, until) if text)


UNGOVERNED = Governance()
"""Of what says nothing of it."""


def governance_problems(found: Governance, at: Callable[[str], Location]) -> Iterator[Problem]:
    """Yield what contradicts itself; `at` tells where a field was written.

    ST730: approved without an approver or a date. ST731: approved by its owner. ST732: dates out of order.
    ST733: an approver, or a date of approval, of what is not approved.
    """
    approval = {"approver": found.approver, "approved_on": found.approved_on}
    lacking = [name for name, stated in approval.items() if not stated]
    stated = [name for name in approval if name not in lacking]
    if found.status == "approved" and lacking:
        expected = "approver and approved_on, or another status"
        yield Problem("ST730", f"approved without {' and '.join(lacking)}", expected, at("status"))
    if found.status not in ("approved", "retired") and stated:
        got = f"{' and '.join(stated)} with status {found.status or 'unstated'}"
        yield Problem("ST733", got, "status: approved, or neither", at(stated[0]))
    if found.approver and _same(found.approver, found.owner):
        got = f"approved by its owner, {found.approver!r}"
        yield Problem("ST731", got, "two people: one who owns it and one who approves it", at("approver"))
    if found.approved_on and found.valid_until and found.valid_until < found.approved_on:
        got = f"valid until {found.valid_until}, approved on {found.approved_on}"
        yield Problem("ST732", got, "a day after the approval", at("valid_until"))


def _same(first: str, second: str) -> bool:
    """Tell whether two names are one, whatever their case and spaces."""
    return " ".join(first.casefold().split()) == " ".join(second.casefold().split())
