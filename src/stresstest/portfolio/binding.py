"""Portfolios meet a market: issuers found, unpriced positions valued as stated, overrides made private."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from stresstest.catalog import instrument_type
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.instrument_type import InstrumentType, Requirements
from stresstest.market.fx import fx_factors
from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot, Provenance
from stresstest.portfolio.marks import marked_levels
from stresstest.portfolio.model import Instrument, Portfolio
from stresstest.portfolio.private import PRIVATE, PrivateMarket, Proxied
from stresstest.portfolio.stated import UnpricedPosition, add_stated, proxy_name, proxy_of, unpriced_problem


@dataclass(frozen=True, slots=True)
class BoundInstrument:
    """Distinct contract terms in a market: issuer by its id, everything that they depend on known.

    `issuer` is the id of the market's issuer, private or not, empty for a type without one.
    """

    tag: str
    spec: Any
    requirements: Requirements
    issuer: str
    proxied: Proxied | None = None

    def sort_key(self) -> tuple[str, str, str]:
        """Return the place of the instrument in the canonical order: by its terms, then by whose they are.

        A private issuer counts as its public one first, so that the name of a position orders only what is
        else the same.
        """
        terms, public = repr(self.spec), self.issuer.partition(PRIVATE)[0]
        if public != self.issuer:
            return self.tag, terms.replace(repr(self.issuer), repr(public)), self.issuer
        return self.tag, terms, ""


@dataclass(frozen=True, slots=True)
class Binding:
    """Portfolios bound to a market.

    Attributes
    ----------
    market
        With the private factors of the portfolios.
    instruments
        Distinct over all portfolios, in canonical order.
    rows
        For each portfolio the row in `instruments` of each of its own instruments, −1 for one not held.
    """

    market: MarketSnapshot
    instruments: tuple[BoundInstrument, ...]
    rows: tuple[tuple[int, ...], ...]


Locate = Callable[[str], Location]

_NOT_FOUND = frozenset({"ST251", "ST255", "ST256", "ST355", "ST357", "ST362", "ST363"})
"""Problems of things that a market lacks: an issuer, a price, a level, a curve."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A position that holds an instrument: its portfolio, that one's currency, where it was written."""

    portfolio: str
    position: str
    locate: Locate
    currency: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Terms whose issuer is settled and whose requirements are not yet asked for."""

    type_: InstrumentType
    spec: Any
    issuer: str
    position: str
    locate: Locate
    currency: str
    proxied: Proxied | None = None


class Binder:
    """Settles the issuer of one instrument after the other and collects everything that is wrong."""

    def __init__(self, market: MarketSnapshot) -> None:
        self.private = PrivateMarket(market)
        self._private: dict[str, Instrument] = {}
        self._requirements: dict[tuple[str, Any], Requirements] = {}
        self.market = market
        self.problems = ProblemList()

    def check_currency(self, portfolio: Portfolio) -> None:
        """Add a problem where totals over portfolios cannot include this one."""
        try:
            fx_factors(self.market, portfolio.currency, self.market.currency, Location(portfolio.file))
        except InputError as error:
            self.problems.extend(error.problems)

    def draft(self, instrument: Instrument, holder: Holder) -> Draft | None:
        """Return the instrument with its issuer settled, or None after adding what is wrong with it."""
        taken = self._private.get(holder.position)
        if taken is not None and taken != instrument:
            # Two portfolios use one id for things that differ: each has private levels of its own.
            holder = replace(holder, position=f"{holder.position} ({holder.portfolio})")
        found = self._draft(instrument, holder)
        if found is not None and PRIVATE in found.issuer:
            self._private.setdefault(holder.position, instrument)
        return found

    def _draft(self, instrument: Instrument, holder: Holder) -> Draft | None:
        position, locate, currency = holder.position, holder.locate, holder.currency
        type_ = instrument_type(instrument.tag)
        named = getattr(instrument.spec, type_.issuer_field) if type_.issuer_field else None
        if named is None:
            return Draft(type_, instrument.spec, "", position, locate, currency)
        issuer = resolve_issuer(self.market, named)
        priced = issuer is not None and (
            not type_.stated_kind or RiskFactorKey(type_.stated_kind, issuer.id) in self.market.levels
        )
        if issuer is None or not priced:
            if issuer is None and (not type_.stated_kind or instrument.stated is None):
                self._add_unknown_issuer(type_, named, position, locate)
                return None
            unpriced = UnpricedPosition(position, type_.stated_kind, named, issuer, instrument)
            return self._stated_draft(type_, unpriced, locate, currency)
        draft = Draft(type_, instrument.spec, issuer.id, position, locate, currency)
        try:
            spec, name = self._overridden(type_, instrument.spec, issuer, position)
        except InputError as error:
            self._add_errors(draft, error)
            return None
        return replace(draft, spec=spec, issuer=name)

    def _add_unknown_issuer(self, type_: InstrumentType, named: str, position: str, locate: Locate) -> None:
        self.problems.add(
            Problem(
                "ST251",
                f"position {position!r}: {type_.issuer_field} {named!r} not in market {self.market.name!r}",
                "an issuer by id, ISIN, CUSIP, FIGI or LEI, or a stated_value with a proxy",
                locate(str(type_.issuer_field)),
                nearest(named, self.market.issuers),
            )
        )

    def _stated_draft(
        self, type_: InstrumentType, unpriced: UnpricedPosition, locate: Locate, currency: str
    ) -> Draft | None:
        named = proxy_name(unpriced.instrument, unpriced.issuer)
        proxy = proxy_of(named, unpriced.kind, self.market)
        if named and proxy is None:
            self.problems.add(
                Problem(
                    "ST255",
                    f"position {unpriced.position!r}: proxy {named!r} without price in {self.market.name!r}",
                    "a priced issuer of the market",
                    locate("proxy"),
                    nearest(named, self.market.issuers),
                )
            )
            return None
        problem = unpriced_problem(unpriced, self.market)
        if problem is not None:
            self.problems.add(problem.at(locate(str(type_.issuer_field))))
            return None
        name, proxied = add_stated(unpriced, proxy, self.private)
        spec = unpriced.instrument.spec.model_copy(update={type_.issuer_field: name})
        return Draft(type_, spec, name, unpriced.position, locate, currency, proxied)

    def _overridden(self, type_: InstrumentType, spec: Any, issuer: Issuer, position: str) -> tuple[Any, str]:
        """Return the spec with its issuer by id, private where the spec overrides a level, and that id."""
        spec = spec.model_copy(update={type_.issuer_field: issuer.id})
        name = f"{issuer.id}#{position}"
        override = type_.override and type_.override(spec, name, self.market, self.market.as_of)
        if not override:
            return spec, issuer.id
        stated = Provenance("judgement", f"stated by position {position}", self.market.as_of)
        private = replace(issuer, id=name, ids={})
        self.private.add(private, marked_levels(type_, override, private, self.market), stated)
        return override.spec, name

    def _add_errors(self, draft: Draft, error: InputError) -> None:
        """Add what an instrument type says of terms, with the position and the place of the field."""
        default = str(draft.type_.issuer_field or "id")
        self.problems.extend(
            replace(problem, got=f"position {draft.position!r}: {problem.got}").at(
                draft.locate(problem.field or default)
            )
            for problem in error.problems
        )

    def finish(self, draft: Draft, market: MarketSnapshot) -> BoundInstrument | None:
        """Return the bound instrument once the private factors are in `market`."""
        try:
            requirements = self._required(draft, market)
        except InputError as error:
            self._add_errors(draft, error)
            return None
        missing = [key for key in requirements.factors if key not in market.levels]
        for key in missing:
            self.problems.add(
                Problem(
                    "ST256",
                    f"position {draft.position!r} needs factor {key}, absent from market {market.name!r}",
                    "a level for it in the market or in a --market layer",
                    draft.locate(str(draft.type_.issuer_field or "id")),
                )
            )
        if missing or not self._convertible(draft, requirements.currency, market):
            return None
        return BoundInstrument(draft.type_.tag, draft.spec, requirements, draft.issuer, draft.proxied)

    def _required(self, draft: Draft, market: MarketSnapshot) -> Requirements:
        """Return what terms depend on, found once however many currencies they are held in."""
        key = (draft.type_.tag, draft.spec)
        found = self._requirements.get(key)
        if found is None:
            found = self._requirements[key] = draft.type_.requirements(draft.spec, market)
        return found

    def _convertible(self, draft: Draft, currency: str, market: MarketSnapshot) -> bool:
        try:
            fx_factors(market, currency, draft.currency)
        except InputError as error:
            prefix = f"position {draft.position!r}: "
            self.problems.extend(
                replace(problem, got=prefix + problem.got).at(draft.locate("id"))
                for problem in error.problems
            )
            return False
        return True


def bind(portfolios: Sequence[Portfolio], market: MarketSnapshot) -> Binding:
    """Return `portfolios` bound to `market`.

    Raises
    ------
    InputError
        With everything that is wrong in any position: unknown issuer, no price and no stated value, nothing
        to shock it by, a missing factor, a currency without FX rate.
    """
    binder = Binder(market)
    for portfolio in portfolios:
        binder.check_currency(portfolio)
    drafts = [[binder.draft(*holder) for holder in _holders(portfolio)] for portfolio in portfolios]
    extended = binder.private.extended()
    bound = [[draft and binder.finish(draft, extended) for draft in row] for row in drafts]
    if any(problem.code in _NOT_FOUND for problem in binder.problems):
        binder.problems.extend(_other_markets(portfolios, market))
    binder.problems.raise_if_any()
    distinct = {(item.tag, item.spec): item for row in bound for item in row if item}
    instruments = tuple(sorted(distinct.values(), key=BoundInstrument.sort_key))
    place = {(item.tag, item.spec): row for row, item in enumerate(instruments)}
    found = [[place[item.tag, item.spec] for item in row if item] for row in bound]
    rows = tuple(_by_instrument(*pair) for pair in zip(portfolios, found, strict=True))
    return Binding(extended, instruments, rows)


def _by_instrument(portfolio: Portfolio, rows: Sequence[int]) -> tuple[int, ...]:
    """Return `rows`, those of the instruments held, for every instrument; −1 for one that is not held.

    Portfolios of one table share its instruments, of which each holds some.
    """
    found = np.full(len(portfolio.instruments), -1, dtype=np.int64)
    found[np.unique(portfolio.positions.instrument)] = rows
    return tuple(found.tolist())


def _other_markets(portfolios: Sequence[Portfolio], market: MarketSnapshot) -> Iterator[Problem]:
    """Yield for each portfolio that names another market than the one in use that it does."""
    for portfolio in portfolios:
        if portfolio.market and Path(portfolio.market).name not in market.name.split(" + "):
            got = f"portfolio {portfolio.name!r} on market {market.name}, where not all of it is found"
            expected = f"the market that it names: --market {portfolio.market}"
            yield Problem("ST269", got, expected, Location(portfolio.file))


def _holders(portfolio: Portfolio) -> list[tuple[Instrument, Holder]]:
    """Return each instrument with the first position that holds it."""
    positions = portfolio.positions
    _, first = np.unique(positions.instrument, return_index=True)
    return [
        (portfolio.instruments[int(positions.instrument[row])], holder_at(portfolio, row))
        for row in first.tolist()
    ]


def holder_at(portfolio: Portfolio, row: int) -> Holder:
    """Return position `row` of a portfolio as the holder of its instrument."""

    def locate(field: str) -> Location:
        return portfolio.positions.locate(row, field)

    return Holder(portfolio.name, portfolio.positions.ids[row], locate, portfolio.currency)
