"""Zero curves from what market files state: par yields, zero rates, or a basis over another curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from stresstest.arrays import frozen
from stresstest.errors import Problem, nearest
from stresstest.market.curves import ParYieldError, zero_rate, zero_rates_from_par_yields
from stresstest.market.draft import Entry, MarketDraft, Place
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.factor_levels import level_problem
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, CurveQuotes, Provenance
from stresstest.quantity import QuantityError, Tenor, parse_level, parse_tenor

if TYPE_CHECKING:
    from stresstest.market.spec import CurveSpec

_QUOTES = ("par_yields", "zero_rates", "basis")
_DEFAULT_FREQUENCY = 2

Nodes = tuple[tuple[Tenor, float], ...]


class CurveBuilder:
    """Builds the curves of a draft, each after the one that its basis lies over."""

    def __init__(self, draft: MarketDraft) -> None:
        self.draft = draft
        self.curves: dict[str, Curve] = {}
        self.levels: dict[RiskFactorKey, Entry[float]] = {}
        self.quotes: dict[str, CurveQuotes] = {}
        self._rates: dict[str, tuple[float, ...]] = {}

    def build_all(self) -> None:
        """Build every curve into `curves` and `levels`; add what is wrong with any to the problems."""
        pending = {name: entry for name, entry in self.draft.curves.items() if self._check_form(entry)}
        while pending:
            ready = [name for name, entry in pending.items() if entry.value.basis_to not in pending]
            if not ready:
                self._refuse_circle(pending)
                return
            for name in ready:
                self._build(name, pending.pop(name))

    def _check_form(self, entry: Entry[CurveSpec]) -> bool:
        """Tell whether exactly one kind of quotes is stated, over a known curve where it is a basis."""
        spec, place = entry.value, entry.place
        stated = [name for name in _QUOTES if getattr(spec, name)]
        problem = None
        if len(stated) != 1:
            problem = Problem(
                "ST216",
                "a curve with " + (" and ".join(stated) or "no quotes"),
                "one of " + ", ".join(_QUOTES),
            )
        elif (spec.basis_to is not None) != (stated == ["basis"]):
            problem = Problem("ST216", "a basis without `basis_to`, or the reverse", "both or neither")
        elif spec.basis_to is not None and spec.basis_to not in self.draft.curves:
            suggestion = nearest(spec.basis_to, self.draft.curves)
            problem = Problem(
                "ST216", f"basis_to {spec.basis_to!r}", "a curve of the market", suggestion=suggestion
            )
        if problem is not None:
            self.draft.problems.add(problem.at(place("basis_to" if spec.basis_to else "")))
        return problem is None

    def _refuse_circle(self, pending: Mapping[str, Entry[CurveSpec]]) -> None:
        for name, entry in pending.items():
            problem = Problem(
                "ST216", f"basis of {name} rests on itself", "curves whose bases form no circle"
            )
            self.draft.problems.add(problem.at(entry.place("basis_to")))

    def _build(self, name: str, entry: Entry[CurveSpec]) -> None:
        """Build one curve whose basis curve, if it has one, is built."""
        spec = entry.value
        field = next(field for field in _QUOTES if getattr(spec, field))
        nodes = self._nodes(getattr(spec, field), lambda tenor: entry.place(f"{field}/{tenor}"))
        if not nodes or (spec.basis_to is not None and spec.basis_to not in self.curves):
            return
        rates = self._zero_rates(entry, nodes)
        if rates is None:
            return
        tenors = tuple(tenor.text for tenor, _ in nodes)
        self.curves[name] = Curve(name, spec.currency, tenors, frozen([tenor.years for tenor, _ in nodes]))
        self._rates[name] = rates
        provenance = _provenance(entry)
        for key, rate in zip(self.curves[name].keys(), rates, strict=True):
            self.levels[key] = Entry(rate, provenance, entry.place)
        self._keep_quotes(name, entry, nodes)

    def _keep_quotes(self, name: str, entry: Entry[CurveSpec], nodes: Nodes) -> None:
        """Keep what the curve was built from, so that shocked quotes can build it again."""
        spec, quotes = entry.value, tuple(quote for _, quote in nodes)
        if spec.basis_to is not None:
            self.quotes[name] = CurveQuotes(0, spec.basis_to, quotes)
        elif spec.par_yields:
            self.quotes[name] = CurveQuotes(spec.frequency or _DEFAULT_FREQUENCY)
            for (tenor, _), quote in zip(nodes, quotes, strict=True):
                key = RiskFactorKey("par_yield", name, tenor.text)
                self.levels[key] = Entry(quote, entry.provenance, entry.place)

    def _nodes(self, quotes: Mapping[str, object], place: Place) -> Nodes:
        """Return the quotes by tenor, shortest first; nothing where one of them is wrong."""
        nodes: dict[float, tuple[Tenor, float]] = {}
        problems = []
        for text, quote in quotes.items():
            try:
                tenor, rate = parse_tenor(text), parse_level(quote)
            except QuantityError as error:
                problems.append(error.problem(place(text)))
                continue
            problem = level_problem(FACTOR_KINDS["zero_rate"], str(quote), rate)
            if problem is None and tenor.years in nodes:
                problem = Problem("ST216", f"tenor {text}, as long as another", "tenors of different length")
            if problem is not None:
                problems.append(problem.at(place(text)))
            nodes[tenor.years] = (tenor, rate)
        self.draft.problems.extend(problems)
        return () if problems else tuple(nodes[years] for years in sorted(nodes))

    def _zero_rates(self, entry: Entry[CurveSpec], nodes: Nodes) -> tuple[float, ...] | None:
        """Return the zero rates at the nodes, or None after adding why there are none."""
        spec = entry.value
        quotes = [quote for _, quote in nodes]
        if spec.zero_rates:
            return tuple(quotes)
        years = [tenor.years for tenor, _ in nodes]
        if spec.basis_to is not None:
            below, rates = self.curves[spec.basis_to], self._rates[spec.basis_to]
            return tuple(
                zero_rate(below.years, rates, t) + quote for t, quote in zip(years, quotes, strict=True)
            )
        try:
            return tuple(
                zero_rates_from_par_yields(years, quotes, spec.frequency or _DEFAULT_FREQUENCY).tolist()
            )
        except ParYieldError as error:
            tenor, _ = nodes[error.node]
            problem = Problem("ST216", str(error), "par yields that a curve can reprice")
            self.draft.problems.add(problem.at(entry.place(f"par_yields/{tenor.text}")))
            return None


def _provenance(entry: Entry[CurveSpec]) -> Provenance:
    """Return the evidence of a curve's zero rates: bootstrapped from documented yields is computed."""
    spec, stated = entry.value, entry.provenance
    if spec.zero_rates:
        return stated
    how = "bootstrapped from par yields" if spec.par_yields else f"zero rates of {spec.basis_to} plus a basis"
    basis_class = "computed" if stated.basis_class == "documented" else stated.basis_class
    return replace(stated, basis_class=basis_class, note=f"{how}; {stated.note}" if stated.note else how)


def discount_curves(draft: MarketDraft, curves: Mapping[str, Curve]) -> dict[str, str]:
    """Return the discount curve of each currency: the one marked `discount: true`, or else the only one.

    A curve marked `discount: false` is none, and a currency may have none.
    """
    by_currency: dict[str, list[str]] = {}
    for name, curve in curves.items():
        if draft.curves[name].value.discount is not False:
            by_currency.setdefault(curve.currency, []).append(name)
    chosen: dict[str, str] = {}
    for currency, names in by_currency.items():
        marked = [name for name in names if draft.curves[name].value.discount]
        candidates = marked or names
        if len(candidates) > 1:
            got = f"{len(marked) or 'no'} curve of {currency} marked `discount: true` among " + ", ".join(
                names
            )
            problem = Problem("ST217", got, "exactly one")
            draft.problems.add(problem.at(draft.curves[candidates[-1]].place("")))
        chosen[currency] = candidates[0]
    return chosen
