"""Whether a hedge policy fits a market and its scenarios: names that nothing has, horizons that differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from stresstest.catalog import instrument_types
from stresstest.errors import Location, Problem, ProblemList, nearest
from stresstest.hedging.policies.policy import ANY, WORST, Objective, Policy, Rule
from stresstest.hedging.policies.policy_files import source_of
from stresstest.hedging.policies.scenario_names import plain_names
from stresstest.hedging.policies.selection import Selection
from stresstest.hedging.policies.traits import asset_class_of, is_number
from stresstest.io.document import read_document
from stresstest.io.resources import names
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.ratings import BUCKETS
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.factor_splits.groups import group_of
from stresstest.scenarios.scenario import ScenarioSet

_NEED_MODEL = ("max_tracking_error", "min_effective_bets", "min_reverse_distance")
_LISTED = 40
_KNOWN = "a scenario of the library (stresstest list shocks) or of the run"


@dataclass(frozen=True, slots=True)
class KnownScenarios:
    """What a policy may name.

    Attributes
    ----------
    horizons
        Horizon of each scenario by name.
    sets
        Names of sampled sets.
    """

    horizons: Mapping[str, str]
    sets: Collection[str] = field(default_factory=tuple)


def require_fit(policy: Policy, market: MarketSnapshot, scenarios: ScenarioSet) -> None:
    """Raise `InputError` with every name of a policy that a market, `scenarios` and the library lack.

    A name that nothing has would leave its rule without anything to hold.
    """
    problems = ProblemList()
    problems.extend(policy_problems(policy, market, _known(policy, scenarios)))
    problems.raise_if_any()


def _known(policy: Policy, scenarios: ScenarioSet) -> KnownScenarios:
    """Return the scenarios given, with what else the policy names and the library has."""
    horizons = {scenario.name: scenario.horizon for scenario in scenarios}
    library = dict(names("shocks"))
    for name in plain_names(policy):
        if name not in horizons and name in library:
            data = read_document(library[name]).data
            horizons[name] = str(data["horizon"]) if isinstance(data, dict) else ""
    return KnownScenarios(horizons, [name for name, _ in names("sets")])


def policy_problems(policy: Policy, market: MarketSnapshot, known: KnownScenarios) -> Iterator[Problem]:
    """Yield each name in objective, rules, costs and sales that the market or the scenarios lack (ST479).

    The universe is checked where it is expanded.
    """
    words, known = _Words(market), _with_files(known, policy)
    for term in policy.objective:
        yield from _objective_problems(term, policy, known)
    for rule in policy.rules:
        yield from _scenario_problems(rule, policy, known)
        yield from _market_problems(rule, market)
        if rule.terms.select is not None:
            yield from words.problems(rule.terms.select, rule.places.get("select", rule.location))
        yield from words.exception_problems(rule)
    for select, where in _other_selections(policy):
        yield from words.problems(select, where)


def _with_files(known: KnownScenarios, policy: Policy) -> KnownScenarios:
    """Return what is known with the scenarios that lie beside the policy's file, or in the current folder."""
    horizons = dict(known.horizons)
    for name in plain_names(policy):
        source = source_of(name, policy.location.file)
        if name not in horizons and isinstance(source, Path):
            data = read_document(source).data
            horizons[name] = str(data.get("horizon", "")) if isinstance(data, dict) else ""
    return replace(known, horizons=horizons)


def _other_selections(policy: Policy) -> Iterator[tuple[Selection, Location]]:
    """Yield the selections of a policy that stand outside its rules, with their places."""
    for entry in policy.universe:
        if entry.select is not None:
            yield entry.select, entry.places.get("select", entry.location)
    for spread in policy.costs.half_spreads:
        if spread.select is not None:
            yield spread.select, spread.location
    for margin in policy.costs.margins:
        if margin.select is not None:
            yield margin.select, margin.location
    for volume in policy.costs.volumes:
        if volume.select is not None:
            yield volume.select, volume.location
    for select in (policy.sell.select, policy.sell.excluded):
        if select is not None:
            yield select, policy.location


def _objective_problems(term: Objective, policy: Policy, known: KnownScenarios) -> Iterator[Problem]:
    where = term.places.get("scenarios", term.location)
    for name in term.scenarios:
        yield from _named(name, policy.horizon, known, where)
    if term.scenario_set:
        yield from _set_problems(term, known)


def _set_problems(term: Objective, known: KnownScenarios) -> Iterator[Problem]:
    """Yield that a sampled set is neither a file nor one of the library."""
    named, where = term.scenario_set, term.places.get("set", term.location)
    source = source_of(named, term.location.file)
    if isinstance(source, Path):
        if not source.is_file():
            yield Problem("ST479", f"set {named!r}", "a file beside the policy, or in this folder", where)
    elif named not in known.sets:
        expected = "a sampled set of the library, or a file beside the policy or in this folder"
        yield Problem("ST479", f"set {named!r}", expected, where, nearest(named, known.sets))


def _scenario_problems(rule: Rule, policy: Policy, known: KnownScenarios) -> Iterator[Problem]:
    terms = rule.terms
    if terms.scenario and terms.scenario not in (ANY, WORST):
        yield from _named(terms.scenario, policy.horizon, known, rule.places.get("scenario", rule.location))
    for name in terms.with_scenarios:
        yield from _named(name, "", known, rule.places.get("with", rule.location))


def _named(name: str, horizon: str, known: KnownScenarios, where: Location) -> Iterator[Problem]:
    """Yield what is wrong with a scenario's name; of `a+b` only `a` must have the horizon."""
    for place, part in enumerate(name.split("+")):
        found = known.horizons.get(part)
        if found is None:
            close = nearest(part, known.horizons)
            yield Problem("ST479", f"scenario {part!r}", _KNOWN, where, close)
        elif horizon and place == 0 and found != horizon:
            got = f"scenario {part!r} over {found} in a policy over {horizon}"
            yield Problem("ST479", got, "scenarios of one horizon; what else is run is reported", where)


def _market_problems(rule: Rule, market: MarketSnapshot) -> Iterator[Problem]:
    terms, model = rule.terms, market.factor_model
    by_cluster = terms.by == "cluster"
    if rule.measure in _NEED_MODEL or by_cluster:
        if model is None:
            yield Problem("ST479", f"rule {rule.name!r}", "a market with a factor model", rule.location)
        elif terms.regime not in model.regimes:
            where, close = rule.places.get("regime", rule.location), nearest(terms.regime, model.regimes)
            yield _unknown("regime", terms.regime, model.regimes, (where, close))
    if terms.factors and model is not None:
        yield from _factor_problems(rule, market, model)
    for issuer in terms.benchmark:
        if RiskFactorKey("spot", issuer) not in market.levels:
            where, close = rule.places.get("benchmark", rule.location), nearest(issuer, market.issuers)
            expected = f"an issuer with a price in market {market.name!r}"
            yield Problem("ST479", f"benchmark issuer {issuer!r}", expected, where, close)
    if terms.theme:
        themes = {theme for issuer in market.issuers.values() for theme in issuer.themes}
        if terms.theme not in themes:
            where, close = rule.places.get("theme", rule.location), nearest(terms.theme, themes)
            yield _unknown("theme", terms.theme, themes, (where, close))
    if terms.score:
        yield from _score_problems(rule, market)


def _factor_problems(rule: Rule, market: MarketSnapshot, model: FactorModel) -> Iterator[Problem]:
    """Yield that a kind, factor or group is none of the market's model."""
    known = dict.fromkeys(
        word
        for key in model.keys
        for word in (key.kind, f"{key.kind}/{key.name}", str(key), group_of(key, market))
    )
    where = rule.places.get("factors", rule.location)
    kinds = ", ".join(dict.fromkeys(key.kind for key in model.keys))
    for word in (word for word in rule.terms.factors if word not in known):
        expected = f"a kind, a factor or a group of the market's model: {kinds}, …"
        yield Problem("ST479", f"factors {word!r}", expected, where, nearest(word, known))


def _score_problems(rule: Rule, market: MarketSnapshot) -> Iterator[Problem]:
    """Yield that no issuer has an attribute for a score, or that it holds no numbers."""
    score, where = rule.terms.score, rule.places.get("score", rule.location)
    names = {name for issuer in market.issuers.values() for name in issuer.attributes}
    values = [issuer.attributes[score] for issuer in market.issuers.values() if score in issuer.attributes]
    if not values:
        yield _unknown("score", score, names, (where, nearest(score, names)))
    elif not all(map(is_number, values)):
        yield Problem("ST479", f"score {score!r}, which holds text", "an attribute of numbers", where)


def _unknown(what: str, got: str, known: Collection[str], place: tuple[Location, str]) -> Problem:
    expected = f"one of {', '.join(sorted(known))}" if len(known) <= _LISTED else f"a {what} of the market"
    return Problem("ST479", f"{what} {got!r}", expected, place[0], place[1])


class _Words:
    """Values that the instruments of a market may have of each attribute."""

    def __init__(self, market: MarketSnapshot) -> None:
        issuers = market.issuers.values()
        self._known: dict[str, set[str]] = {
            "issuer": set(market.issuers),
            "group": {issuer.attributes.get("group", issuer.id) for issuer in issuers},
            "type": set(instrument_types()),
            "kind": {issuer.kind for issuer in issuers},
            "currency": {issuer.currency for issuer in issuers} | set(market.discount_curves),
            "rating": set(BUCKETS),
            "theme": {theme for issuer in issuers for theme in issuer.themes},
            "asset_class": {"cash", "option", "government_bond", "credit", "credit_swap"}
            | {asset_class_of("fund", issuer) for issuer in issuers},
        }
        for name in ("sector", "industry", "region", "survivor_tier"):
            self._known[name] = {issuer.attributes[name] for issuer in issuers if name in issuer.attributes}

    def problems(self, select: Selection, where: Location) -> Iterator[Problem]:
        """Yield each value of a selection that nothing has."""
        for name, values in (*select.terms, ("theme", select.themes)):
            known = self._known[name]
            for value in values:
                if value not in known:
                    yield _unknown(name, value, known, (where, nearest(value, known)))

    def exception_problems(self, rule: Rule) -> Iterator[Problem]:
        """Yield each group with a cap of its own that nothing belongs to."""
        known, where = self._known.get(rule.terms.by), rule.places.get("except", rule.location)
        for name in rule.terms.exceptions:
            if known is not None and name not in known:
                yield _unknown(rule.terms.by, name, known, (where, nearest(name, known)))
