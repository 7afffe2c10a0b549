"""The universe of a hedge policy, line by line, as the instruments of a market that may be bought."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from stresstest.catalog import instrument_type
from stresstest.conventions.cds_dates import standard_maturity
from stresstest.conventions.listed_days import (
    bill_maturity,
    listed_strike,
    nearest_option_expiry,
    strip_maturity,
)
from stresstest.conventions.schedules import add_months
from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.hedging.policies.candidates import (
    CLEARING_HOUSE,
    CREDIT_CLEARING_HOUSE,
    Candidate,
    Leg,
    OptionTerms,
)
from stresstest.hedging.policies.policy import Policy, UniverseEntry
from stresstest.hedging.policies.traits import is_broad, traits_of
from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.model import Instrument, Portfolio
from stresstest.quantity import parse_horizon


def expand_universe(
    policy: Policy, market: MarketSnapshot, as_of: date, portfolio: Portfolio | None = None
) -> tuple[Candidate, ...]:
    """Return what the policy's universe stands for in a market, in the order of its lines; each thing once.

    What `portfolio` is long of already keeps its position's id; what it is short of is left out, for buying
    it back is a sale of the plan.

    Raises
    ------
    InputError
        ST476 with every line that finds nothing, and every named issuer without price or surface.
    """
    problems = ProblemList()
    expansion = _Expansion(policy, market, as_of, problems)
    found: dict[tuple[tuple[str, Any, float], ...], Candidate] = {}
    for entry in policy.universe:
        n_before = len(problems)
        candidates = list(expansion.candidates(entry))
        if not candidates and len(problems) == n_before:
            got = f"universe line {entry.name!r}, which finds nothing in market {market.name!r}"
            problems.add(Problem("ST476", got, "at least one instrument", entry.location))
        for candidate in candidates:
            key = tuple((leg.instrument.tag, leg.instrument.spec, leg.units) for leg in candidate.legs)
            found.setdefault(key, candidate)
    problems.raise_if_any()
    return _named(tuple(found.values()), portfolio)


@dataclass(frozen=True, slots=True)
class _Expansion:
    """Candidates of one line after the other."""

    policy: Policy
    market: MarketSnapshot
    as_of: date
    problems: ProblemList

    def candidates(self, entry: UniverseEntry) -> Iterator[Candidate]:
        """Yield what a line stands for; what is wrong with it is added to the problems."""
        lines: Mapping[str, Callable[[UniverseEntry], Iterator[Candidate]]] = {
            "equity": self._shares,
            "fund": self._shares,
            "zero_bond": self._bills,
            "european_option": self._options,
            "american_option": self._options,
            "cds_index": self._protection,
            "package": self._spreads,
        }
        yield from lines[entry.type](entry)

    def _shares(self, entry: UniverseEntry) -> Iterator[Candidate]:
        kinds = ("fund",) if entry.type == "fund" else ("equity",)
        for name in entry.issuers or tuple(self.market.issuers):
            issuer = self._issuer(entry, name)
            if issuer is None or (not entry.issuers and self.market.issuers[issuer].kind not in kinds):
                continue
            instrument = Instrument(entry.type, instrument_type(entry.type).spec(issuer=issuer))
            traits = traits_of(entry.type, instrument.spec, self.market)
            if entry.select is not None and not entry.select.matches(traits):
                continue
            if not self._priced(entry, instrument, quietly=not entry.issuers):
                continue
            label = self.market.issuers[issuer].name
            yield self._candidate(entry, issuer.lower(), label, (Leg(instrument),))

    def _bills(self, entry: UniverseEntry) -> Iterator[Candidate]:
        for name in entry.issuers:
            issuer = self._issuer(entry, name)
            for text in entry.maturities if issuer is not None else ():
                is_long = parse_horizon(text).years > 1.0
                maturity = (strip_maturity if is_long else bill_maturity)(self._later(text))
                spec = instrument_type("zero_bond").spec(issuer=issuer, maturity=maturity)
                instrument = Instrument("zero_bond", spec)
                if self._priced(entry, instrument):
                    debtor = self.market.issuers[str(issuer)]
                    word = "strip" if is_long else "bill"
                    word = word if debtor.kind == "sovereign" else debtor.id.lower()
                    label = f"{debtor.name} zero-coupon {maturity}"
                    candidate = self._candidate(entry, f"{word}-{maturity}", label, (Leg(instrument),))
                    yield replace(candidate, cleared=False, seller=entry.seller or debtor.id)

    def _protection(self, entry: UniverseEntry) -> Iterator[Candidate]:
        """Yield bought protection alone: what is sold would be a credit risk of its own."""
        index = self._issuer(entry, entry.index)
        terms = {"index": index, "series": entry.series, "coupon": f"{1e4 * entry.coupon:.10g}bp"}
        if entry.recovery is not None:
            terms["recovery"] = f"{100.0 * entry.recovery:.10g}%"
        for text in entry.tenors if index is not None else ():
            maturity = standard_maturity(self.as_of, round(12.0 * parse_horizon(text).years))
            spec = instrument_type("cds_index").spec(**terms, maturity=maturity)
            instrument = Instrument("cds_index", spec)
            if self._priced(entry, instrument):
                name = f"{str(index).lower()}-{entry.series}-protection-{maturity}"
                label = f"{index} {text} protection"
                candidate = self._candidate(entry, name, label, (Leg(instrument),))
                yield replace(candidate, seller=CREDIT_CLEARING_HOUSE)

    def _options(self, entry: UniverseEntry) -> Iterator[Candidate]:
        for underlying, expiry in self._contracts(entry):
            strikes = [self._strike(entry, underlying, part) for part in entry.strikes]
            for strike in dict.fromkeys(strikes):
                leg = self._leg(entry, underlying, expiry, strike)
                if leg is not None:
                    name = f"{underlying.lower()}-{entry.right}-{strike:g}-{expiry}"
                    label = f"{underlying} {entry.right} {strike:g} of {expiry}"
                    yield self._contract(entry, name, label, (leg,))

    def _spreads(self, entry: UniverseEntry) -> Iterator[Candidate]:
        for underlying, expiry in self._contracts(entry):
            for bought, sold in entry.spreads:
                strikes = [self._strike(entry, underlying, part) for part in (bought, sold)]
                legs = [self._leg(entry, underlying, expiry, strike) for strike in strikes]
                if strikes[0] <= strikes[1] or legs[0] is None or legs[1] is None:
                    continue
                words = "-".join(f"{strike:g}" for strike in strikes)
                name = f"{underlying.lower()}-put-spread-{words}-{expiry}"
                label = f"{underlying} put spread {strikes[0]:g}/{strikes[1]:g} of {expiry}"
                yield self._contract(entry, name, label, (legs[0], replace(legs[1], units=-1.0)))

    def _contracts(self, entry: UniverseEntry) -> Iterator[tuple[str, date]]:
        """Yield underlying and listed expiry of each contract of a line."""
        for name in entry.underlyings:
            underlying = self._issuer(entry, name)
            if underlying is None:
                continue
            if RiskFactorKey("spot", underlying) not in self.market.levels:
                self._refuse(entry, f"options on {underlying!r}, which has no price")
                continue
            wanted = [self._later(text) for text in entry.expiries]
            days = [nearest_option_expiry(self.as_of, day) for day in wanted]
            yield from ((underlying, expiry) for expiry in dict.fromkeys(days))

    def _strike(self, entry: UniverseEntry, underlying: str, part: float) -> float:
        spot = self.market.levels[RiskFactorKey("spot", underlying)]
        return listed_strike(part * spot, entry.strike_step)

    def _leg(self, entry: UniverseEntry, underlying: str, expiry: date, strike: float) -> Leg | None:
        fields = {"underlying": underlying, "right": entry.right, "strike": strike, "expiry": expiry}
        tag = f"{entry.exercise}_option" if entry.package else entry.type
        instrument = Instrument(tag, instrument_type(tag).spec(**fields, multiplier=entry.multiplier))
        if not self._priced(entry, instrument):
            return None
        spot = self.market.levels[RiskFactorKey("spot", underlying)]
        is_index = is_broad(underlying, self.market)
        terms = OptionTerms(
            underlying, entry.right, strike, strike / spot, expiry, entry.multiplier, is_index
        )
        return Leg(instrument, option=terms)

    def _contract(self, entry: UniverseEntry, name: str, label: str, legs: tuple[Leg, ...]) -> Candidate:
        candidate = self._candidate(entry, name, label, legs)
        if entry.seller:
            return replace(candidate, cleared=False, seller=entry.seller)
        return replace(candidate, seller=CLEARING_HOUSE)

    def _candidate(self, entry: UniverseEntry, name: str, label: str, legs: tuple[Leg, ...]) -> Candidate:
        first = legs[0].instrument
        return Candidate(
            id=name,
            line=entry.name,
            label=label,
            legs=legs,
            traits=traits_of(first.tag, first.spec, self.market),
            lot_size=self.policy.costs.lot_size(first.tag),
            source=entry.source,
        )

    def _issuer(self, entry: UniverseEntry, name: str) -> str | None:
        """Return the market's id of an issuer, or None after adding that there is none."""
        issuer = resolve_issuer(self.market, name)
        if issuer is None:
            close = nearest(name, self.market.issuers)
            self._refuse(entry, f"issuer {name!r}, which market {self.market.name!r} lacks", close)
            return None
        return issuer.id

    def _priced(self, entry: UniverseEntry, instrument: Instrument, *, quietly: bool = False) -> bool:
        """Tell whether the market prices an instrument; add what it lacks, unless `quietly`."""
        try:
            instrument_type(instrument.tag).requirements(instrument.spec, self.market)
        except InputError as error:
            if not quietly:
                self.problems.extend(problem.at(entry.location) for problem in error.problems)
            return False
        return True

    def _refuse(self, entry: UniverseEntry, got: str, suggestion: str = "") -> None:
        text = f"universe line {entry.name!r}: {got}"
        self.problems.add(Problem("ST476", text, "an issuer with a price", entry.location, suggestion))

    def _later(self, text: str) -> date:
        tenor = parse_horizon(text)
        return add_months(self.as_of, tenor.months) + timedelta(days=tenor.days)


def _named(candidates: tuple[Candidate, ...], portfolio: Portfolio | None) -> tuple[Candidate, ...]:
    """Return the candidates with the ids of the positions that hold them, and new ones that no other has."""
    if portfolio is None:
        return candidates
    positions = portfolio.positions
    held: dict[tuple[str, Any], int] = {}
    for position, place in enumerate(positions.instrument.tolist()):
        instrument = portfolio.instruments[place]
        held.setdefault((instrument.tag, instrument.spec), position)
    taken = set(positions.ids)
    named = []
    for candidate in candidates:
        row = (
            None if candidate.is_package else held.get((candidate.instrument.tag, candidate.instrument.spec))
        )
        if row is not None:
            if not positions.quantity[row] < 0.0:
                named.append(replace(candidate, id=positions.ids[row], held=True))
            continue
        name = candidate.id
        while name in taken:
            name += "-new"
        taken.add(name)
        named.append(replace(candidate, id=name))
    return tuple(named)
