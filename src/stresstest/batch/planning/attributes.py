"""Contributions of a batch: which part of which position belongs to which group of an attribute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from stresstest.arrays import frozen, frozen_int
from stresstest.batch.jobs.job import Job
from stresstest.batch.planning.binding import Bound
from stresstest.batch.planning.prepared import Shares
from stresstest.batch.valuation.rows import (
    Entries,
    Groups,
    SharedRows,
    groups_of_instruments,
    groups_of_tags,
    shared_rows,
)
from stresstest.errors import InputError, Problem, nearest
from stresstest.measures.attributes import NONE, THROUGH, instrument_groups

_OWN = ("position", "type", "issuer", "currency", "theme")


def share_parts(job: Job, found: Bound, held: Entries) -> tuple[Shares, Entries]:
    """Return the rows of contributions by portfolio, attribute and group, and the holdings of each.

    A position's quantity goes to its groups in the shares that `measures.attributes` gives, so that the
    parts of a portfolio add up to it.

    Raises
    ------
    InputError
        ST707 for an attribute that no position knows, or that a batch does not split by.
    """
    problems = [problem for name in job.contributions for problem in _problems(name, job, found)]
    if problems:
        raise InputError(problems)
    parts = [shared_rows(held, held.row, _groups(name, found, held)) for name in job.contributions]
    return _joined(job, parts)


def _joined(job: Job, parts: list[SharedRows]) -> tuple[Shares, Entries]:
    """Return the rows of several attributes as one table in order of portfolio, attribute and group."""
    if not parts:
        none = frozen_int([])
        return Shares(none, (), ()), Entries(none, none, none, frozen([]))
    portfolio = np.concatenate([part.portfolio for part in parts])
    attribute = np.repeat(np.arange(len(parts)), [len(part.portfolio) for part in parts])
    order = np.lexsort((attribute, portfolio))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    first = np.cumsum([0, *(len(part.portfolio) for part in parts)])
    rows = np.concatenate([place[part.entries.row + low] for part, low in zip(parts, first, strict=False)])
    group = [name for part in parts for name in part.group]
    shares = Shares(
        frozen_int(portfolio[order]),
        tuple(job.contributions[number] for number in attribute[order].tolist()),
        tuple(group[number] for number in order.tolist()),
    )
    entries = [part.entries for part in parts]
    return shares, Entries(
        frozen_int(np.concatenate([one.instrument for one in entries])),
        frozen_int(rows),
        frozen_int(np.concatenate([one.fx for one in entries])),
        frozen(np.concatenate([one.quantity for one in entries])),
    )


def _groups(attribute: str, found: Bound, held: Entries) -> Groups:
    """Return the groups of every position by an attribute; a tag goes before what the market knows."""
    if attribute == "position":
        ids = (portfolio.positions.ids for portfolio in found.portfolios)
        return groups_of_tags(_kept(ids, found), NONE)
    if attribute in _tags(found):
        tags = (
            portfolio.positions.tags.get(attribute, ("",) * len(portfolio.positions))
            for portfolio in found.portfolios
        )
        return groups_of_tags(_kept(tags, found), NONE)
    rows = np.unique(held.instrument).tolist()
    return groups_of_instruments(
        held.instrument, {row: instrument_groups(found.book, row, attribute) for row in rows}
    )


def _kept(texts: Iterable[Sequence[str]], found: Bound) -> list[str]:
    """Return a text of every position that was bound."""
    return [values[row] for values, kept in zip(texts, found.kept, strict=True) for row in kept.tolist()]


def _tags(found: Bound) -> frozenset[str]:
    return frozenset(tag for portfolio in found.portfolios for tag in portfolio.positions.tags)


def _problems(attribute: str, job: Job, found: Bound) -> list[Problem]:
    where = job.at(f"contributions.{attribute}")
    if attribute.startswith(THROUGH):
        got = f"contributions by {attribute!r}, which splits one portfolio at a time"
        return [Problem("ST707", got, "run --by for it, or an attribute of positions", where)]
    issuers = found.book.market.issuers
    held = {item.issuer for item in found.book.instruments if item.issuer}
    own = dict.fromkeys(name for issuer in sorted(held) for name in issuers[issuer].attributes)
    known = (*_OWN, *sorted(_tags(found)), *own)
    if attribute in known:
        return []
    got, expected = f"contributions by {attribute!r}", "one of " + ", ".join(dict.fromkeys(known))
    return [Problem("ST707", got, expected, where, nearest(attribute, known))]
